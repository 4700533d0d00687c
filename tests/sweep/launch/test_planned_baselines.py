"""Which baselines a sweep has."""

import pytest

from bakeoff.sweep.experiment import plan_experiment
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.launch.planned_baselines import planned_baselines


def planned(*typed: str, experiment="localization"):
    made = plan_experiment(experiment, list(typed))
    return planned_baselines(plan_file(made, identities(made.jobs)).jobs)


def names(found) -> list[str]:
    return [" ".join([one.record.candidate, *one.record.overrides]) for one in found]


def test_candidates_and_seeds_share_their_baselines():
    found = planned("seed=0,1", "optimizer.lr=1e-3,2e-3", "data.batch_size=16,32")
    assert [one.record.candidate for one in found] == ["constant_box", "nearest_image"]
    one = found[0].record
    assert (one.role, one.status, one.task) == ("baseline", "running", "localization")
    assert (one.metric.name, one.metric.direction) == ("performance", "max")
    assert planned("baselines=none") == []


def test_each_fold_has_its_own():
    found = planned(
        "data.folds=3", "data.fold=range(3)", "seed=0", "baselines=none",
        "+baselines.majority._target_=sklearn.dummy.DummyClassifier",
        experiment="scratch_vs_autograd",
    )  # fmt: skip
    assert names(found) == [f"majority data.folds=3 data.fold={fold}" for fold in range(3)]
    assert len({one.record.id for one in found}) == 3


def test_other_data_have_others():
    found = planned("data.empty=0.1,0.2")
    assert len(found) == 4 and names(found)[0] == "constant_box data.empty=0.1"


@pytest.mark.parametrize("setting", ["+trainer.limit_val_batches=1", "+trainer.fast_dev_run=true"])
def test_what_is_measured_on_a_part_of_the_data_has_none(setting):
    assert planned(setting) == []
    assert len(planned("+trainer.limit_val_batches=1.0")) == 2
