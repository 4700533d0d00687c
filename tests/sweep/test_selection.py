"""What a config says of the selection: read, refused, and without influence on ids."""

from dataclasses import replace

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity.run_id import candidate_id, run_id
from bakeoff.store import paths
from bakeoff.sweep.plan import plan
from bakeoff.sweep.selection import EARLIER, Selection, selection_of

FOLDER = paths.experiment_dir("localization")


def planned(*overrides: str):
    return plan("localization", ["model=lenet5/deep", "seed=0", *overrides], FOLDER)


def test_the_margin_is_that_of_the_tasks_metric():
    config = planned().jobs[0].config
    assert selection_of(config) == Selection(
        margin=0.01,
        prefer=None,
        run="median",
        test="selected",
        finalists=None,
        finalist_seeds=5,
    )
    config.task.metric.name = "mine"
    assert selection_of(config).margin is None
    config.selection.margin = 0
    assert selection_of(config).margin == 0.0


def test_no_setting_of_it_changes_a_run_or_a_candidate():
    plain, changed = planned(), planned("selection.prefer=parameters", "selection.margin=0.1")
    assert run_id(plain.jobs[0].config) == run_id(changed.jobs[0].config)
    assert candidate_id(plain.jobs[0].config) == candidate_id(changed.jobs[0].config)
    assert changed.jobs[0].config.selection.prefer == "parameters"
    config = plain.jobs[0].config
    before = run_id(config)
    config.task.margins.performance = 0.5
    assert run_id(config) == before
    OmegaConf.set_struct(config, False)
    del config["selection"]  # as in a plan that was made before
    assert run_id(config) == before


def test_a_sweep_without_the_section_keeps_the_selection_it_was_made_with():
    assert selection_of(OmegaConf.create({"seed": 0})) == EARLIER
    assert (EARLIER.run, EARLIER.prefer, EARLIER.margin) == ("best", None, None)


def test_all_mistakes_are_said_before_anything_trains():
    with pytest.raises(BakeoffError) as caught:
        planned(
            "selection.prefer=params",
            "selection.run=luckiest",
            "selection.test=all",
            "selection.margin=-1",
        )
    assert str(caught.value).splitlines() == [
        "selection.prefer=params: expected null, parameters, train_seconds or seconds_per_prediction",
        "selection.run=luckiest: expected median or best",
        "selection.test=all: expected selected or tie_set",
        "selection.margin=-1: expected zero or a positive number, in the metric's unit, or null",
    ]


@pytest.mark.parametrize("value", ["many", "true", "inf", "nan"])
def test_a_margin_is_a_number(value):
    with pytest.raises(BakeoffError, match=r"selection\.margin="):
        planned(f"selection.margin={value}")


def test_a_section_is_a_section():
    with pytest.raises(BakeoffError, match="selection=median: expected"):
        planned("selection=median")


def test_a_sweep_has_one_selection():
    with pytest.raises(BakeoffError, match="prefer=parameters,train_seconds: expected one value"):
        planned("selection.prefer=parameters,train_seconds")


@pytest.mark.parametrize("setting", ["finalists=0", "finalists=many", "finalist_seeds=2"])
def test_finalists_and_their_seeds_are_whole_numbers(setting):
    with pytest.raises(BakeoffError, match=rf"selection\.{setting}: expected a whole number"):
        planned("selection.finalists=2", f"selection.{setting}")


def test_a_search_of_another_sweeper_has_no_finalists():
    with pytest.raises(BakeoffError, match="only a sweep of bakeoff's own"):
        planned("hydra/sweeper=basic", "selection.finalists=2")


def test_a_key_that_a_sweep_was_made_without_is_as_it_was_then():
    config = OmegaConf.create({"selection": {"run": "median", "margin": 0.5}})
    assert selection_of(config) == replace(EARLIER, run="median", margin=0.5)
