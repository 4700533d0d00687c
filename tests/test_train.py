"""The Hydra application: what it gives to a run, and how it ends."""

import logging
import signal

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import open_dict

from bakeoff import train as module
from bakeoff.errors import BakeoffError
from bakeoff.identity.identity import Identity
from bakeoff.identity.run_id import candidate_id, register, run_id
from bakeoff.run import fit as fit_module
from bakeoff.store import paths, record
from bakeoff.store.record import Checkpoint
from bakeoff.sweep.identities import identities
from bakeoff.sweep.launch.handover import PlannedSweep
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
    monkeypatch.setattr(module, "apply", lambda arguments, task: tasks.append(task))
    overrides = [f"hydra/sweeper={sweeper}", "model=lenet5/deep", "seed=0,1"]
    planned = plan("localization", overrides, LOCALIZATION, multirun=True)
    module.sweep([], planned, identities(planned.jobs))
    [task] = tasks
    assert isinstance(task, PlannedSweep) == handed
    if handed:
        assert [of.run for of in task.identities] == [run_id(job.config) for job in planned.jobs]
    else:
        assert task is module.train


# What becomes of a run, by what its training says


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Runs one job in `tmp_path` as Hydra's application would; `outcome` stands in for the training."""
    asked = []

    def run(outcome, mode=RunMode.RUN, known=None):
        register()
        with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
            config = compose("config", ["trainer.max_epochs=4"], return_hydra_config=True)
        with open_dict(config):
            config.hydra.mode = mode
            config.hydra.runtime.output_dir = str(tmp_path)
        instance = HydraConfig.instance()
        before = instance.cfg
        try:
            instance.set_config(config)
            with open_dict(config):
                del config["hydra"]

            def fit(config, made, run_dir, show_progress, goes_on):
                asked.append((record.read(run_dir).status, run_dir, show_progress, goes_on))
                return outcome(made)

            monkeypatch.setattr(fit_module, "fit", fit)
            return module.train(config, known)
        finally:
            instance.cfg = before

    run.asked = asked
    return run


def completed(made):
    made.status, made.checkpoint = "completed", Checkpoint("checkpoints/best.ckpt", "")
    made.metric.value, made.metric.epoch = 0.125, 3


def test_a_completed_run_gives_its_metric_and_leaves_its_record(job, tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        assert job(completed) == 0.125
    assert "performance 0.1250 (epoch 3)" in caplog.text
    made = record.read(tmp_path)
    assert (made.status, made.metric.value, made.metric.direction) == ("completed", 0.125, "max")
    assert (made.seed, made.max_epochs, made.overrides) == (0, 4, ["trainer.max_epochs=4"])


def test_the_record_names_the_code_and_the_versions_that_train_it(job, tmp_path):
    job(completed)
    run = record.read(tmp_path)
    assert run.code and {"torch", "python", "pytorch_lightning"} <= set(run.packages)


def test_it_is_on_record_before_it_trains_and_only_a_single_run_shows_bars(job, tmp_path):
    for mode in (RunMode.RUN, RunMode.MULTIRUN):
        job(completed, mode)
    assert job.asked == [("running", tmp_path, bars, False) for bars in (True, False)]


@pytest.mark.parametrize("is_planned", [True, False])
@pytest.mark.parametrize("status", ["running", "interrupted", "failed", "diverged", "completed"])
def test_a_planned_run_that_did_not_end_by_its_numbers_goes_on(job, tmp_path, is_planned, status):
    known = Identity("a", "b", "c") if is_planned else None
    before = record.RunRecord("a", status, "e", "t", "c", [], 0, record.Metric("loss", "min"))
    before.write(tmp_path)
    for name in ("best.ckpt", "last.ckpt"):
        (tmp_path / "checkpoints").mkdir(exist_ok=True)
        (tmp_path / "checkpoints" / name).touch()
    seen = []

    def ended(made):
        seen.extend(sorted(path.name for path in tmp_path.glob("checkpoints/*")))
        completed(made)

    job(ended, known=known)
    goes_on = is_planned and status in ("running", "interrupted", "failed")
    assert job.asked[0][-1] == goes_on
    assert (seen == []) == (is_planned and not goes_on)  # a try that starts anew finds nothing


@pytest.mark.parametrize(
    ("status", "number", "code"),
    [
        ("failed", None, 1),
        ("diverged", None, 1),
        ("interrupted", None, 1),  # by a limit
        ("interrupted", signal.SIGINT, 130),
        ("interrupted", signal.SIGTERM, 143),
    ],
)
def test_what_did_not_complete_says_why_and_ends_the_process(
    job, tmp_path, capsys, status, number, code
):
    def ended(made):
        made.status, made.error = status, "it is so"
        return number

    with pytest.raises(SystemExit) as exit_of:
        job(ended)
    assert exit_of.value.code == code
    assert f"seed 0: {status}: it is so" in capsys.readouterr().err
    made = record.read(tmp_path)
    assert (made.status, made.error) == (status, "it is so")


def test_a_record_that_cannot_be_written_is_a_failure(job, capsys, monkeypatch):
    def refuse(*_, **__):
        raise BakeoffError("the disk is full")

    monkeypatch.setattr(record.RunRecord, "write", refuse)
    with pytest.raises(SystemExit) as exit_of:
        job(completed)
    assert exit_of.value.code == 1
    assert "failed: the disk is full" in capsys.readouterr().err
    assert not job.asked


def test_a_metric_that_was_never_finite_is_no_fault(job, capsys, caplog):
    def without_value(made):
        completed(made)
        made.metric.value = made.metric.epoch = None

    with caplog.at_level(logging.INFO):
        assert job(without_value) is None
    assert "performance nan" in caplog.text
    assert "Traceback" not in capsys.readouterr().err
