"""What is left of a sweep, from its plan."""

from dataclasses import replace

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store import paths, record
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.experiment import plan_experiment
from bakeoff.sweep.identities import identities, plan_file
from bakeoff.sweep.remaining import plan_of, remaining, unfinished_sweep

TYPED = ["model=lenet5/deep,lenet5/shallow", "optimizer.lr=2e-3", "hydra.launcher.n_jobs=3"]


@pytest.fixture(scope="module")
def planned():
    return plan_experiment("localization", TYPED)


@pytest.fixture(scope="module")
def plan(planned):
    return plan_file(planned, identities(planned.jobs))


def end(sweep, job, status):
    folder = sweep / job.id
    folder.mkdir(parents=True)
    metric = Metric("performance", "max")
    RunRecord(job.id, status, "x", "x", job.candidate, [], job.seed, metric).write(folder)


def test_runs_that_have_not_ended_remain(tmp_path, plan):
    statuses = ("completed", "failed", "interrupted")
    for job, status in zip(plan.jobs, statuses, strict=False):
        end(tmp_path, job, status)
    assert remaining(tmp_path, plan, failed=False) == plan.jobs[2:]
    assert remaining(tmp_path, plan, failed=True) == plan.jobs[1:]
    for status in ("running", "pruned", "diverged"):
        run = record.read(tmp_path / plan.jobs[2].id)
        run.status = status
        run.write(tmp_path / run.id)
        left = remaining(tmp_path, plan, failed=False)
        assert (plan.jobs[2] in left) == (status == "running")
        assert (plan.jobs[2] in remaining(tmp_path, plan, failed=True)) == (status != "pruned")


def test_a_run_with_a_damaged_record_remains(tmp_path, plan):
    end(tmp_path, plan.jobs[0], "completed")
    (tmp_path / plan.jobs[0].id / "run.json").write_text("{")
    assert remaining(tmp_path, plan, failed=False) == plan.jobs


def test_the_rest_is_planned_as_the_whole_was(planned, plan):
    rest, named = plan_of(plan, plan.jobs[1:])
    assert named == identities(planned.jobs)[1:]
    for job, before in zip(rest.jobs, planned.jobs[1:], strict=True):
        assert job.overrides == before.overrides
        assert OmegaConf.to_container(job.config) == OmegaConf.to_container(before.config)


@pytest.mark.parametrize(
    ("launcher", "target", "settings"),
    [
        (["hydra.launcher.n_jobs=1"], "processes.ProcessLauncher", {"n_jobs": 1}),
        (["hydra/launcher=processes"], "processes.ProcessLauncher", {"n_jobs": None}),
        (["hydra/launcher=basic"], "basic_launcher.BasicLauncher", {}),
    ],
)
def test_the_rest_may_have_another_launcher(planned, plan, launcher, target, settings):
    rest, named = plan_of(plan, plan.jobs, launcher)
    assert named == identities(planned.jobs)
    config = rest.jobs[0].config
    assert config.hydra.launcher._target_.endswith(target)
    assert {key: config.hydra.launcher[key] for key in settings} == settings
    assert set(launcher) <= set(rest.overrides)


@pytest.mark.parametrize(
    ("launcher", "said"),
    [
        (["seed=7"], "seed=7: a sweep goes on as it was planned: only hydra/launcher"),
        (["hydra.sweep.dir=x"], "goes on as it was planned"),
        (["hydra.launcher.jobs=7"], "hydra.launcher.jobs=7: no such key"),
        (["hydra/launcher=process"], "no such option; did you mean 'processes'"),
    ],
)
def test_a_mistake_in_the_launcher_of_the_rest_is_said(plan, launcher, said):
    with pytest.raises(BakeoffError, match=said):
        plan_of(plan, plan.jobs, launcher)


def test_settings_are_those_of_the_launcher_that_the_sweep_began_with():
    planned = plan_experiment(
        "localization", ["model=lenet5/deep", "seed=0", "hydra/launcher=basic"]
    )
    plan = plan_file(planned, identities(planned.jobs))
    with pytest.raises(BakeoffError, match=r"hydra.launcher.n_jobs=1: no such key"):
        plan_of(plan, plan.jobs, ["hydra.launcher.n_jobs=1"])


def test_a_run_that_has_become_another_is_refused(plan):
    job = plan.jobs[0]
    changed = replace(job, config=job.config.replace("patience: null", "patience: 7"))
    assert changed != job
    with pytest.raises(BakeoffError, match=f"this is no longer run {job.id}: files"):
        plan_of(plan, [changed])


def test_the_newest_unfinished_sweep_of_an_experiment_is_found(tmp_path, plan, monkeypatch):
    monkeypatch.setattr(paths, "OUTPUTS", tmp_path)
    for name in ("1", "2", "3"):
        (tmp_path / "localization" / name).mkdir(parents=True)
        plan.write(tmp_path / "localization" / name)
    for job in plan.jobs:
        end(tmp_path / "localization" / "3", job, "completed")
    assert unfinished_sweep("localization") == tmp_path / "localization" / "2"
    with pytest.raises(BakeoffError, match="no unfinished sweep of detection"):
        unfinished_sweep("detection")
