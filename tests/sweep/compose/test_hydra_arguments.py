"""The arguments of the plain Hydra application."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.hydra_arguments import parse


def test_an_override_behind_info_is_none_of_its_values():
    assert parse(["--info", "seed=1"]).overrides == ["seed=1"]
    assert parse(["--info", "config", "seed=1"]).info == "config"


@pytest.mark.parametrize("option", ["--config-path", "-cp", "--experimental-rerun"])
def test_options_that_bring_configs_from_elsewhere_are_refused(option):
    with pytest.raises(BakeoffError, match=r"--config-dir|best/command.txt"):
        parse([option, "x"])
