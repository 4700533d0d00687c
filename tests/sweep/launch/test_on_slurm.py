"""Sweeps on a real Slurm, which the tests start on this machine."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from tests.faults.place import Place
from tests.sweep.lost_workers import descendants, numbers
from tests.sweep.one_node_slurm import OneNodeSlurm, SlurmDoesNotStartError, missing

from bakeoff.store import record

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]
pytest.importorskip("submitit", reason="needs submitit: pip install 'bakeoff[slurm]'")

ON_SLURM = ("hydra/launcher=submitit_slurm",)
TWO_RUNS = ("optimizer.lr=1e-2",)  # of seeds 0 and 1
ENDLESS = (*TWO_RUNS, "trainer.max_epochs=100000")
WAIT_S = 300
# Until a file is there, a run stays in its second epoch, but where it is asked to end.
PATIENT = """
import time
from pathlib import Path
from bakeoff.run.hooks.midway import Midway
from pytorch_lightning.callbacks import Callback

class Patient(Callback):
    def on_train_batch_end(self, trainer, *_):
        midway = next(c for c in trainer.callbacks if isinstance(c, Midway))
        while trainer.current_epoch == 1 and not Path("go").exists() and not midway.is_asked_to_end:
            time.sleep(0.02)
"""


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """A Slurm of one node with two cores."""
    if (why := missing()) is not None:
        pytest.skip(why)
    try:
        cluster = OneNodeSlurm(tmp_path_factory.mktemp("slurm"))
    except SlurmDoesNotStartError as error:  # as where a container may not do what Slurm does
        pytest.skip(str(error))
    yield cluster
    cluster.stop()


@pytest.fixture
def place(slurm, tmp_path, monkeypatch):
    """A user's folder, and commands that find this Slurm."""
    for name, value in slurm.environment.items():
        monkeypatch.setenv(name, value)
    return Place(tmp_path)


def newest(place: Place) -> Path:
    """The newest sweep."""
    return place.sweeps[-1]


def wait_for(condition, process):
    """Until something is found while a command runs; that."""
    deadline = time.monotonic() + WAIT_S
    while not (found := condition()):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def begun(place):
    """The seeds of the runs of the newest sweep that have trained for an epoch and go on."""
    runs = record.read_all(newest(place)) if place.sweeps else []
    return {run.seed for run in runs if run.status == "running" and run.epochs >= 1}


def worker_of(job: str) -> int | None:
    """The first process of a job."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            words, line = path.read_bytes().split(b"\0"), (path.parent / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        array, _, task = job.partition("_")
        wanted = {f"SLURM_ARRAY_JOB_ID={array}".encode(), f"SLURM_ARRAY_TASK_ID={task}".encode()}
        if b"submitit.core._submit" in line and wanted <= set(words):
            return int(path.parent.name)
    return None


def told(sweep: Path) -> dict:
    """What a leaderboard says, without times and places."""
    board = json.loads((sweep / "leaderboard.json").read_text())
    kept = ("name", "rank", "mean", "std", "ci95", "n", "runs", "status_counts", "tied_with_best")
    rows = [{key: row[key] for key in kept} for row in board["candidates"]]
    return {key: board[key] for key in ("selected", "selected_run", "sealed_test")} | {"rows": rows}


def test_jobs_that_are_killed_or_out_of_time_go_on_and_the_report_is_that_of_one_machine(
    place, slurm
):
    (place.folder / "patient.py").write_text(PATIENT)
    patient = (*TWO_RUNS, "trainer.max_epochs=4", "+callbacks.patient._target_=patient.Patient")
    process = place.start("run", "small", *patient, *ON_SLURM)
    wait_for(lambda: len(begun(place)) == 2, process)
    lost, late = slurm.jobs("RUNNING")
    # As Slurm does before the time is up.
    slurm.command("scancel", "--batch", "--signal=USR2", late)
    worker = worker_of(lost)
    for one in [worker, *descendants(worker)]:
        os.kill(one, signal.SIGKILL)
    wait_for(lambda: worker_of(late) is None, process)
    (place.folder / "go").touch()
    _, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, err
    assert f"its worker or its machine was lost (Slurm job {lost}: " in err
    assert f"job {late}: its time (hydra.launcher.timeout_min=1440) was up" in err
    assert "sacct" not in err and "srun" not in err
    sweep = newest(place)
    assert {status for status, *_ in numbers(sweep).values()} == {"completed"}
    assert sum("goes on from" in path.read_text() for path in sweep.glob("*/output.log")) == 2
    assert slurm.jobs() == []

    done = place.run("run", "small", *patient, "--fresh")
    assert done.returncode == 0, done.stderr
    assert newest(place) != sweep
    assert numbers(newest(place)) == numbers(sweep) and told(newest(place)) == told(sweep)


def test_ctrl_c_cancels_the_jobs_and_what_somebody_cancelled_does_not_start_again(place, slurm):
    process = place.start("run", "small", *ENDLESS, *ON_SLURM)
    wait_for(lambda: len(begun(place)) == 2, process)
    cancelled = slurm.jobs("RUNNING")[0]
    slurm.command("scancel", cancelled)
    wait_for(
        lambda: any("cancelled" in str(run.error) for run in record.read_all(newest(place))),
        process,
    )
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130, err
    assert slurm.jobs() == []
    ends = {run.error for run in record.read_all(newest(place)) if run.status == "interrupted"}
    assert ends == {
        f"it was cancelled (Slurm job {cancelled}: CANCELLED)",
        "stopped by SIGINT before it was done",
    }


def test_a_limit_of_the_sweep_ends_its_jobs_and_the_records_say_so(place, slurm):
    limit = "limits.sweep_minutes=0.5"
    done = place.run("run", "small", *ENDLESS, *ON_SLURM, limit, "seed=0,1,2")
    assert done.returncode == 3, done.stderr
    assert slurm.jobs() == []
    runs = record.read_all(newest(place))
    assert {(run.status, run.error) for run in runs} == {
        ("interrupted", f"stopped by {limit} before it was done")
    }
    assert "1 do not start" in done.stderr and "wait in Slurm's queue: 1 (Resources)" in done.stderr


def test_what_slurm_refuses_is_said_and_no_job_waits(place, slurm):
    done = place.run("run", "small", *ON_SLURM, "hydra.launcher.slurm_partition=nowhere")
    assert done.returncode == 1
    assert "hydra.launcher (submitit, slurm): sbatch: error: invalid partition" in done.stderr
    assert "Traceback" not in done.stderr
    assert slurm.jobs() == []
