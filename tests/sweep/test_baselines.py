"""Baselines of a sweep: which there are, and how each of them ends."""

import os
import time

import pytest
from omegaconf import OmegaConf
from tests.run import in_memory

from bakeoff.store import record
from bakeoff.store.paths import BASELINES
from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.sweep.baselines import fit_baselines, planned_baselines
from bakeoff.sweep.experiment import plan_experiment
from bakeoff.sweep.identities import identities, plan_file

ROWS = {"_target_": "bakeoff.tasks.classification.baselines.Rows"}
MAJORITY = {"_target_": "sklearn.dummy.DummyClassifier"}


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


class Dies:
    def fit(self, features, labels):
        os._exit(3)

    def predict(self, features):
        """Never called."""


class Sleeps(Dies):
    def fit(self, features, labels):
        time.sleep(600)


class Fails(Dies):
    def fit(self, features, labels):
        raise ValueError("no such luck")


def sweep_of(folder, seconds=600, **entries):
    config = OmegaConf.merge(
        in_memory.config("task.metric.name=accuracy", "task.metric.direction=max"),
        {"task": {"tabular": ROWS}, "baselines": entries, "limits": {"baseline_seconds": seconds}},
    )
    job = PlannedJob(
        number=0, id="r", candidate="mlp", candidate_id="c", seed=0, overrides=[],
        config=OmegaConf.to_yaml(config),
    )  # fmt: skip
    PlanFile(
        experiment="memory", config_name="memory", config_dir=None, search_path=[], overrides=[],
        jobs=[job],
    ).write(folder)  # fmt: skip
    return folder


def test_each_ends_alone_and_says_how(tmp_path):
    own = {name: {"_target_": f"{__name__}.{name.title()}"} for name in ("dies", "fails")}
    sweep = sweep_of(tmp_path, majority=MAJORITY, **own)
    ended = {run.candidate: run for run in fit_baselines(sweep)}
    assert {name: run.status for name, run in ended.items()} == {
        "majority": "completed", "dies": "failed", "fails": "failed",
    }  # fmt: skip
    assert "ended with status 3" in ended["dies"].error
    assert ended["fails"].error == "ValueError: no such luck"
    assert 0.4 < ended["majority"].metric.value < 1
    kept = {run.candidate: run for run in record.read_all(sweep / BASELINES)}
    assert kept == ended
    assert "raise ValueError" in ended["fails"].traceback
    again = [run.candidate for run in fit_baselines(sweep)]
    assert sorted(again) == ["dies", "fails"]  # what is done is not done again


def test_one_that_takes_too_long_is_ended(tmp_path):
    sleeps = {"_target_": f"{__name__}.Sleeps"}
    [run] = fit_baselines(sweep_of(tmp_path, seconds=1, sleeps=sleeps))
    assert run.status == "failed" and "not done within 1 s" in run.error


def test_a_search_without_a_plan_has_those_of_its_runs(tmp_path):
    run_dir = tmp_path / "r"
    assert in_memory.run(run_dir).status == "completed"
    path = run_dir / ".hydra" / "config.yaml"
    more = {
        "task": {"tabular": ROWS},
        "baselines": {"m": MAJORITY},
        "limits": {"baseline_seconds": 600},
    }
    OmegaConf.save(OmegaConf.merge(OmegaConf.load(path), more), path)
    assert [run.status for run in fit_baselines(tmp_path)] == ["completed"]
    assert list(fit_baselines(tmp_path)) == []
