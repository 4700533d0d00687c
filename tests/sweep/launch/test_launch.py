"""A planned sweep through Hydra's launchers: what is written first, and what the jobs get of it."""

import json

import pytest
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from omegaconf import OmegaConf

from bakeoff.store import plan_file, record

QUICK = ("trainer.max_epochs=1", "seed=0,1", "optimizer.lr=1e-3")
PLAIN = ("-m", "--config-dir", "experiments", "--config-name", "tiny")


def sweep_of(workplace):
    [sweep] = (workplace.folder / "outputs" / "tiny").glob("2*")
    return sweep


def check_plan(sweep, typed):
    """Records and plan say the same of every run, and nothing has to be typed again."""
    plan = plan_file.read(sweep)
    assert plan.experiment == plan.config_name == "tiny"
    assert plan.config_dir == str(sweep.parents[2] / "experiments")
    assert [line for line in plan.overrides if not line.startswith("hydra.mode")] == list(typed)
    runs = {run.id: run for run in record.read_all(sweep)}
    assert {job.id for job in plan.jobs} == set(runs)
    for job in plan.jobs:
        run, folder = runs[job.id], sweep / job.id
        assert (run.candidate, run.candidate_id) == (job.candidate, job.candidate_id)
        assert (run.overrides, run.seed) == (job.overrides, job.seed)
        assert (folder / ".hydra" / "config.yaml").read_text() == job.config
    return plan, runs


def test_hydra_finds_the_sweeper():
    found = Plugins.instance().discover(Sweeper)
    assert "hydra_plugins.bakeoff_sweeper.grid" in {sweeper.__module__ for sweeper in found}


def test_train_m_leaves_a_plan_that_its_records_follow(workplace):
    typed = (*QUICK[:1], "++seed=0,1", *QUICK[2:])
    done = workplace.run("train", "-m", "--config-name", "tiny", *typed)
    assert done.returncode == 0, done.stderr
    plan, runs = check_plan(sweep_of(workplace), typed)
    assert {job.candidate for job in plan.jobs} == {"lenet5/shallow"}
    assert {run.status for run in runs.values()} == {"completed"}


@pytest.mark.parametrize("launcher", ["processes", "basic"])
def test_plain_hydra_leaves_the_same_plan_with_any_launcher(workplace, launcher):
    typed = (*QUICK, f"hydra/launcher={launcher}")
    done = workplace.run(*PLAIN, *typed, module="bakeoff.train")
    assert done.returncode == 0, done.stderr
    sweep = sweep_of(workplace)
    plan = plan_file.read(sweep)
    check_plan(sweep, [typed[3], *typed[:3]])
    notes = OmegaConf.load(sweep / plan.jobs[1].id / ".hydra" / "hydra.yaml").hydra
    assert notes.job.num == 1 and notes.overrides.task == plan.jobs[1].overrides
    multirun = OmegaConf.load(sweep / "multirun.yaml").hydra
    assert multirun.overrides.task == list(QUICK)


def test_a_mistake_of_the_plan_is_a_message_of_plain_hydra_too(workplace):
    done = workplace.run(*PLAIN, "seed=0,0", module="bakeoff.train")
    assert done.returncode == 1
    assert "bakeoff: two jobs are the same run" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(workplace.folder.glob("outputs/tiny/*/*/run.json"))


def test_another_sweeper_of_hydras_trains_under_ids_of_the_runs_own(workplace):
    done = workplace.run(
        "train",
        "-m",
        "--config-name",
        "tiny",
        "hydra/sweeper=basic",
        *QUICK,
    )
    assert done.returncode == 0, done.stderr
    runs = record.read_all(sweep_of(workplace))
    assert {run.candidate for run in runs} == {
        "lenet5/shallow optimizer.lr=0.001 trainer.max_epochs=1"
    }
    assert len({run.candidate_id for run in runs}) == 1 and len(runs) == 2


WATCHING = """
import os
from pathlib import Path

import torch


def sgd(params, **settings):
    plans = list(Path.cwd().glob("outputs/tiny/2*/plan.json"))
    for plan in plans:  # none when the check makes an optimizer
        Path(f"seen-{os.getpid()}.json").write_text(plan.read_text())
    return torch.optim.SGD(params, **settings)
"""


def test_the_plan_is_there_before_a_run_trains(workplace):
    (workplace.folder / "watching.py").write_text(WATCHING)
    own = ["optimizer=sgd", "optimizer._target_=watching.sgd"]
    done = workplace.run("train", "-m", "--config-name", "tiny", *own, *QUICK)
    assert done.returncode == 0, done.stderr
    seen = [json.loads(path.read_text()) for path in workplace.folder.glob("seen-*.json")]
    assert [len(plan["jobs"]) for plan in seen] == [2, 2]
