"""The baselines of a sweep are fitted: how each of them ends."""

import os
import time

from omegaconf import OmegaConf
from tests.run import in_memory

from bakeoff.store import record
from bakeoff.store.paths import BASELINES
from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.sweep.launch.baselines import fit_baselines

ROWS = {"_target_": "bakeoff.tasks.classification.baselines.Rows"}
MAJORITY = {"_target_": "sklearn.dummy.DummyClassifier"}


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
