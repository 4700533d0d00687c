"""The overrides of the one config that --cfg prints."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.sweep.single import single_overrides

LOCALIZATION = ("localization", paths.experiment_dir("localization"))


def overrides(*given: str) -> list[str]:
    name, folder = LOCALIZATION
    return single_overrides(name, given, folder)


def test_an_option_null_is_written_as_hydra_takes_it():
    assert overrides("scheduler=null", "seed=3") == ["scheduler=none", "seed=3"]


def test_several_values_are_refused():
    with pytest.raises(
        BakeoffError, match=r"seed=1,2 model=lenet5/deep,.*: several values, and --cfg"
    ):
        overrides("seed=1,2", "model=lenet5/deep,lenet5/shallow", "optimizer.lr=1")


def test_mistakes_are_said_as_before_a_training():
    with pytest.raises(BakeoffError, match=r"did you mean 'optimizer.lr'"):
        overrides("optimizer.lrr=1")
