"""What limits may be, and what they are where a config says nothing."""

import pytest
from omegaconf import OmegaConf

from bakeoff.sweep.compose.limits import Limits, limit_mistakes, limits_of


def test_limits_of_a_config():
    config = OmegaConf.create({"limits": {"run_minutes": 5, "fail_fast": True}})
    assert limits_of(config) == Limits(run_minutes=5, fail_fast=True)
    assert limits_of(OmegaConf.create({})) == Limits()


@pytest.mark.parametrize(
    ("limits", "mistake"),
    [
        ({"run_minutes": 0}, "limits.run_minutes=0: expected a number above 0"),
        ({"sweep_minutes": -1.5}, "limits.sweep_minutes=-1.5: expected a number above 0"),
        ({"stall_minutes": "long"}, "limits.stall_minutes=long: expected a number above 0"),
        ({"stall_minutes": True}, "limits.stall_minutes=True: expected a number above 0"),
        ({"max_failures": 0}, "limits.max_failures=0: expected a whole number, 1 or more"),
        ({"max_failures": 1.5}, "limits.max_failures=1.5: expected a whole number, 1 or more"),
        ({"fail_fast": 1}, "limits.fail_fast=1: expected true or false"),
        ({"hours": 1}, "limits.hours: no such limit: expected one of run_minutes, sweep_minutes"),
    ],
)
def test_what_cannot_be_is_named(limits, mistake):
    [line] = limit_mistakes({"limits": limits})
    assert line.startswith(mistake)


def test_intervals_of_checkpoints_are_above_zero():
    [line] = limit_mistakes({"checkpoint": {"minutes": 0}})
    assert line.startswith("checkpoint.minutes=0: expected a number above 0")


def test_what_can_be_passes():
    limits = {"run_minutes": 0.5, "stall_minutes": None, "max_failures": 3, "fail_fast": False}
    assert not list(limit_mistakes({"limits": limits, "checkpoint": {"minutes": None}}))
    assert not list(limit_mistakes({}))
