"""The Hydra application: what it gives to a run, and how it ends."""

import pytest

from bakeoff import train as module
from bakeoff.run.run_id import candidate_id, run_id
from bakeoff.store import paths, record
from bakeoff.sweep.handover import PlannedSweep
from bakeoff.sweep.identities import identities
from bakeoff.sweep.plan import plan

LOCALIZATION = paths.experiment_dir("localization")
OWN = """
from bakeoff.images.digits import EmbeddedDigits

class Strict(EmbeddedDigits):
    @staticmethod
    def files(path):
        return {"path": [path]}
"""
TINY = ("--config-dir", "experiments", "--config-name", "tiny", "hydra.mode=RUN")


def run_of(workplace):
    [folder] = (workplace.folder / "outputs" / "tiny").glob("2*")
    return record.read(folder)


def test_a_single_run_finds_its_identity_itself(workplace):
    overrides = ["trainer.max_epochs=1", "optimizer.lr=1e-2"]
    done = workplace.run(*TINY, *overrides, module="bakeoff.train")
    assert done.returncode == 0, done.stderr
    run = run_of(workplace)
    [job] = plan("tiny", [*TINY[4:], *overrides], workplace.folder / "experiments").jobs
    assert (run.id, run.candidate_id) == (run_id(job.config), candidate_id(job.config))
    assert run.candidate == "lenet5/shallow trainer.max_epochs=1 optimizer.lr=1e-2"


def test_a_failed_run_is_said_and_ends_the_command_with_status_1(workplace):
    done = workplace.run(*TINY, "model.conv=[3,8,8,8]", module="bakeoff.train")
    assert done.returncode == 1
    assert "seed 0: failed: model: " in done.stderr and "Traceback" not in done.stderr
    assert run_of(workplace).status == "failed"


def test_a_run_without_an_identity_is_said(workplace):
    (workplace.folder / "strict.py").write_text(OWN)
    own = ["data.source._target_=strict.Strict", "+data.source.size=3"]
    done = workplace.run(*TINY, *own, module="bakeoff.train")
    assert done.returncode == 1
    assert "bakeoff: data.source: strict.Strict.files cannot say which files" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("sweeper", "handed"), [("grid", True), ("basic", False)])
def test_the_plan_is_handed_to_bakeoffs_own_sweeper_only(monkeypatch, sweeper, handed):
    tasks = []
    monkeypatch.setattr(module, "main", lambda arguments, task: tasks.append(task))
    overrides = [f"hydra/sweeper={sweeper}", "model=lenet5/deep", "seed=0,1"]
    planned = plan("localization", overrides, LOCALIZATION, multirun=True)
    module.sweep([], planned, identities(planned.jobs))
    [task] = tasks
    assert isinstance(task, PlannedSweep) == handed
    if handed:
        assert [of.run for of in task.identities] == [run_id(job.config) for job in planned.jobs]
    else:
        assert task is module.train
