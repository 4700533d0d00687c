"""Whole sweeps in processes: jobs that fail or are killed, commands that are ended, odd surroundings."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from bakeoff.store import record


def runs(folder):
    """The records below a workplace, by path."""
    return {
        path.parent: record.read(path.parent) for path in folder.glob("outputs/*/2*/*/run.json")
    }


def wait_for(condition, process, seconds=120):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def test_plain_hydra_multirun_trains_every_job_and_logs(workplace):
    done = workplace.run(
        "-m", "--config-dir", "experiments", "--config-name", "tiny", "trainer.max_epochs=1",
        module="bakeoff.train",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [run.status for run in runs(workplace.folder).values()] == ["completed"] * 4


def test_a_failed_job_leaves_the_others_alone_and_the_command_fails(workplace):
    done = workplace.run(
        "-m", "--config-dir", "experiments", "--config-name", "tiny", "trainer.max_epochs=1",
        "model.conv=[3,8],[3,8,8,8]", "seed=0", "optimizer.lr=1e-3", module="bakeoff.train",
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    statuses = {run.status: run.error for run in runs(workplace.folder).values()}
    assert statuses["completed"] is None
    assert "4 convolutions cannot take images of 48x60" in statuses["failed"]


def epochs_of_running(folder):
    found = runs(folder)
    return [path for path, run in found.items() if run.status == "running" and run.epochs >= 1]


LONG = ("trainer.max_epochs=100000", "seed=0", "hydra.launcher.n_jobs=2")


def process_of(run_dir):
    """The process whose output goes to this run's directory."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/fd/1") == str(run_dir / "output.log"):
                return int(pid)
        except OSError:
            continue
    raise AssertionError(f"no process for {run_dir}")


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="finds processes through /proc")
def test_a_killed_job_is_recorded_and_the_others_go_on(workplace):
    # One job would run for ever, the other for a few epochs: the first is killed.
    process = workplace.start(
        "run", "tiny", "trainer.max_epochs=3,100000", "seed=0", "optimizer.lr=1e-3"
    )
    try:

        def endless():
            paths = epochs_of_running(workplace.folder)
            return [path for path in paths if record.read(path).max_epochs == 100000]

        victim = wait_for(endless, process)[0]
        os.kill(process_of(victim.resolve()), signal.SIGKILL)
        out, err = process.communicate(timeout=200)
    finally:
        process.kill()
    assert process.returncode == 3, err
    killed = record.read(victim)
    assert killed.status == "failed"
    assert "killed by SIGKILL (out of memory?)" in killed.error
    board = json.loads((victim.parent / "leaderboard.json").read_text())
    assert board["selected"] == "trainer.max_epochs=3"
    assert "1 failed" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_says_so_everywhere_and_leaves_no_process(workplace, number):
    process = workplace.start("run", "tiny", *LONG)
    try:
        folders = wait_for(lambda: epochs_of_running(workplace.folder)[1:], process)
        process.send_signal(number)
        out, err = process.communicate(timeout=100)
    finally:
        process.kill()
    assert process.returncode == 128 + number
    assert f"interrupted by {number.name}" in err and "Traceback" not in err
    sweep = folders[0].parent
    for run in record.read_all(sweep):
        said = (run.status, run.error)
        assert said == ("interrupted", f"stopped by {number.name} before it was done")
        assert (sweep / run.id / "checkpoints" / "last.ckpt").exists()
    with pytest.raises(AssertionError):
        process_of(folders[0].resolve())
    assert out.startswith(
        "\nNO WINNER: This sweep is not finished: of 2 planned runs, 2 interrupted"
    )
    assert f"bakeoff resume {sweep.relative_to(workplace.folder)}" in out
    assert json.loads((sweep / "leaderboard.json").read_text())["selected"] is None


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="finds processes through /proc")
def test_runs_end_with_a_launcher_that_is_killed(workplace):
    process = workplace.start("run", "tiny", *LONG)
    folders = wait_for(lambda: epochs_of_running(workplace.folder)[1:], process)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 60
    while record.read(folders[0]).status == "running":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert record.read(folders[0]).status == "interrupted"


MULTIRUN = ("-m", "--config-dir", "experiments", "--config-name", "tiny", "trainer.max_epochs=1",
            "seed=0")  # fmt: skip


def test_a_long_temporary_folder_loses_no_run(workplace, monkeypatch):
    folder = workplace.folder / ("x" * 150)
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    done = workplace.run(*MULTIRUN, module="bakeoff.train")
    assert done.returncode == 0, done.stderr
    assert [run.status for run in runs(workplace.folder).values()] == ["completed"] * 2


def test_closed_streams_lose_no_run(workplace):
    command = [sys.executable, "-m", "bakeoff", "run", "tiny", *MULTIRUN[-2:]]
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', *command], cwd=workplace.folder
    )
    assert done.returncode == 0
    assert [run.status for run in runs(workplace.folder).values()] == ["completed"] * 2
    assert list(workplace.folder.glob("outputs/tiny/2*/report.html"))


def test_an_exit_within_a_net_is_a_failed_run_and_no_signal(workplace):
    (workplace.folder / "quitting.py").write_text(
        "import os, sys, torch\n"
        "from bakeoff.nets.mlp import MLP\n"
        "class Quits(MLP):\n"
        "    def __init__(self, how, **settings):\n"
        "        super().__init__(**settings)\n"
        "        self.how = how\n"
        "    def forward(self, x):\n"
        "        if torch.is_grad_enabled():\n"
        "            if self.how == 'sys': sys.exit(0)\n"
        "            if self.how == 'os': os._exit(0)\n"
        "            if self.how == 'keys': raise KeyboardInterrupt\n"
        "        return super().forward(x)\n"
    )
    done = workplace.run(
        *MULTIRUN, "optimizer.lr=1e-3", "model=mlp/standard", "~model.dense",
        "model._target_=quitting.Quits", "+model.how=sys,os,keys,none", module="bakeoff.train",
    )  # fmt: skip
    assert done.returncode == 1
    found = {run.overrides[-1][-4:]: run for run in runs(workplace.folder).values()}
    errors = {how: run.error for how, run in found.items()}
    assert {how: run.status for how, run in found.items()} == {
        "=sys": "failed", "w=os": "failed", "keys": "failed", "none": "completed",
    }  # fmt: skip
    assert "raised SystemExit: 0; no signal had come" in errors["=sys"]
    assert "its process ended with status 0 before the run was done" in errors["w=os"]
    assert "raised KeyboardInterrupt; no signal had come" in errors["keys"]
