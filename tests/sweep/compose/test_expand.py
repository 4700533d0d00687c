"""Values -> jobs, as Hydra's own sweeper makes them."""

import re

import pytest
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.expand import expand, values


def parse(*lines):
    return OverridesParser.create().parse_overrides(list(lines))


@pytest.mark.parametrize(
    "lines",
    [
        ["seed=range(3)", "model=a,b"],
        ["lr=1e-3,3e-3", "seed=0", "seed=1,2"],
        ["x=[1, 2],[3]", "y={a: 1}", "+z=choice(a,b)", "++w='p,q'"],
        [],
    ],
)
def test_the_jobs_are_those_of_hydras_sweeper(lines):
    assert expand(parse(*lines)) == BasicSweeper.split_arguments(parse(*lines), None)[0]


def test_what_deletes_a_key_has_no_value():
    assert expand(parse("~scheduler", "~optimizer.fused=true")) == [
        ["~scheduler", "~optimizer.fused=True"]
    ]


def test_a_reference_stays_as_it_was_typed():
    assert values(parse("data.seed=${seed}")[0]) == ["data.seed=${seed}"]


@pytest.mark.parametrize("line", ["seed=range(0)", "seed=range(3,1)"])
def test_a_sweep_over_nothing_is_refused(line):
    with pytest.raises(BakeoffError, match=re.escape(f"{line}: names no value")):
        expand(parse("model=a,b", line))


def test_values_without_number_are_refused():
    with pytest.raises(
        BakeoffError, match=r"lr=interval\(0,1\): expected values that can be count"
    ):
        expand(parse("lr=interval(0,1)"))
