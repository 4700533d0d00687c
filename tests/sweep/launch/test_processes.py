"""The launcher, as Hydra's own suite wants it, and what it adds: jobs that die alone."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from omegaconf import open_dict

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep import slots
from bakeoff.sweep.compose.limits import Limits
from bakeoff.sweep.launch import job_log
from bakeoff.sweep.launch.handover import PlannedRuns, numbered
from bakeoff.sweep.launch.launched import whole
from bakeoff.sweep.launch.processes import run_jobs
from bakeoff.sweep.launch.stall import Stall


def run_all(configs, *arguments, **settings):
    """As `run_jobs`, of composed configs."""
    return run_jobs(list(map(whole, configs)), *arguments, **settings)


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


def test_hydra_finds_the_launcher():
    found = Plugins.instance().discover(Launcher)
    assert "hydra_plugins.bakeoff_launcher.processes" in {launcher.__module__ for launcher in found}


def test_a_job_keeps_the_number_of_its_plan(jobs):
    """A worker on another machine is given one job of a sweep: it is the first of its own."""
    [config], context = jobs("a")
    task = PlannedRuns(lambda config, identity: f"{identity} of {config.x}", {3: "the fourth"})
    [returned] = run_all([numbered(config, 3)], task, context, 1)
    assert returned.return_value == "the fourth of a"


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


# Small tasks instead of trainings


def ended(capfd, jobs, task, xs, **settings):
    """The job returns and what the launcher said on standard error."""
    configs, context = jobs(xs, **settings)
    returns = run_all(configs, task, context, 3)
    return returns, capfd.readouterr().err


def test_a_result_larger_than_a_pipe_holds_is_read_while_the_job_runs(capfd, jobs):
    def task(config):
        return bytes(config.x)

    returns, said = ended(capfd, jobs, task, ["1", "65536", "20000000"])
    assert [len(job.return_value) for job in returns] == [1, 65_536, 20_000_000]
    assert said == ""


def test_every_way_to_give_no_result_is_a_failed_job_that_is_told(capfd, jobs):
    def task(config):
        import os
        import signal
        import sys
        import threading

        class Unreadable:
            def __reduce__(self):
                return (int, ("no number",))

        class PickyError(Exception):
            def __init__(self, a, b):
                super().__init__(a)

        match config.x:
            case "lock":
                return threading.Lock()
            case "unreadable":
                return Unreadable()
            case "exit":
                sys.exit(0)
            case "_exit":
                os._exit(0)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "realtime":
                os.kill(os.getpid(), signal.SIGRTMIN + 1)
            case "keyboard":
                raise KeyboardInterrupt
            case "picky":
                raise PickyError(1, 2)
            case "full":
                raise OSError(28, "No space left on device")
        return "good"

    xs = [
        "lock",
        "unreadable",
        "exit",
        "_exit",
        "kill",
        "realtime",
        "keyboard",
        "picky",
        "full",
        "ok",
    ]
    returns, said = ended(capfd, jobs, task, xs)
    assert [job.status.name for job in returns] == ["FAILED"] * 9 + ["COMPLETED"]
    assert returns[-1].return_value == "good"
    for job in returns[:-1]:
        with pytest.raises(SystemExit):
            _ = job.return_value
    expected = {
        "lock": "its result cannot be sent to the launcher: TypeError: cannot pickle",
        "unreadable": "its result cannot be read: ValueError: invalid literal",
        "exit": "its process ended with status 0 before the run was done",
        "_exit": "its process ended with status 0 before the run was done",
        "kill": "its process was killed by SIGKILL (out of memory?)",
        "realtime": f"its process was killed by signal {signal.SIGRTMIN + 1}",
        "keyboard": "its process ended with status 1 before the run was done",
        "picky": "its result cannot be read: TypeError: ",
        "full": "[Errno 28] No space left on device",
    }
    for x, reason in expected.items():
        (line,) = [line for line in said.splitlines() if f"+x={x}:" in line]
        assert f"+x={x}: failed: {reason}" in line
    assert "Traceback" not in said


def test_a_directory_that_cannot_be_made_fails_its_job_alone(capfd, jobs, tmp_path):
    (tmp_path / "job1").write_text("a file where the directory should be")
    returns, said = ended(capfd, jobs, lambda config: config.x, ["1", "2"])
    assert [job.status.name for job in returns] == ["FAILED", "COMPLETED"]
    assert "+x=1: failed: the job could not run: FileExistsError: " in said


def test_a_record_that_nobody_can_read_ends_no_sweep(capfd, jobs, tmp_path):
    def task(config):
        import os

        os._exit(3)

    (tmp_path / "job1").mkdir()
    (tmp_path / "job1" / "run.json").write_text("{")
    returns, said = ended(capfd, jobs, task, ["1"])
    assert returns[0].status.name == "FAILED"
    assert "+x=1: failed: its process ended with status 3" in said


def test_a_long_message_is_bounded_on_the_terminal(capfd, jobs):
    def task(config):
        raise OSError("x" * 3_000_000)

    _, said = ended(capfd, jobs, task, ["1"])
    assert "characters left out" in said and len(said) < 20_000


def test_a_job_that_prints_much_keeps_a_short_log(capfd, jobs, tmp_path):
    def task(config):
        for _ in range(300):
            print("x" * 100_000)
        print("the last line")

    returns, _ = ended(capfd, jobs, task, ["1"])
    assert returns[0].status.name == "COMPLETED"
    log = tmp_path / "job1" / "output.log"
    assert log.stat().st_size <= job_log.LONGEST
    assert log.read_text().endswith("the last line\n")


def test_without_a_number_of_jobs_the_usable_cores_count(capfd, jobs, monkeypatch):
    monkeypatch.setattr(slots, "usable_cores", lambda: 1)
    configs, context = jobs(["1", "2"])
    times = []

    def task(config):
        import time

        start = time.monotonic()
        time.sleep(0.2)
        return start, time.monotonic()

    times = [job.return_value for job in run_all(configs, task, context, None)]
    assert times[0][1] <= times[1][0]  # one after the other


@pytest.mark.parametrize("n_jobs", [0, -1])
def test_fewer_than_one_job_at_once_is_refused(jobs, n_jobs):
    configs, context = jobs(["1"])
    with pytest.raises(
        BakeoffError, match=f"hydra.launcher.n_jobs={n_jobs}: expected 1 or more, or null"
    ):
        run_all(configs, str, context, n_jobs)


# Limits, GPUs and signals


def limited(configs, **limits):
    """The same configs with a section `limits`."""
    for config in configs:
        with open_dict(config):
            config.limits = limits
    return configs


def trains(config):
    """A task that leaves a record, as a training does, and ends as its `x` says."""
    import os
    import sys
    import time
    from pathlib import Path

    from hydra.core.hydra_config import HydraConfig

    from bakeoff.run.hooks.interruption import InterruptedRunError, interruptible
    from bakeoff.store.record import Metric, RunRecord

    folder = Path(HydraConfig.get().runtime.output_dir)
    run = RunRecord(
        str(config.x), "running", "t", "t", f"c{config.x}", [], 0, Metric("loss", "min")
    )
    run.write(folder)
    try:
        with interruptible():
            word = str(config.x).split("_")[0]
            if config.x == "fail_late":  # when the run that waits can be told to end
                while not (folder.parent / "jobwait" / "begun").exists():
                    time.sleep(0.02)
            if word == "fail":
                raise ValueError("it is so")
            if word == "gpu":
                tries = folder / "tries"
                tries.write_text((tries.read_text() if tries.exists() else "") + "x")
                alone = len(tries.read_text()) > 1
                if not alone or config.x == "gpu_never":
                    raise MemoryError
            if word == "wait":
                (folder / "begun").touch()
                time.sleep(60)
        run.status, run.metric.value = "completed", 0.5
    except InterruptedRunError as error:
        run.status, run.error = "interrupted", f"stopped by {error} before it was done"
    except ValueError as error:
        run.status, run.error = "failed", str(error)
    except MemoryError:
        run.status, run.error = "failed", "the GPU is out of memory: of 80 GB, 80 GB are in use"
    run.write(folder)
    if run.status != "completed":
        sys.exit(1)
    return os.environ.get("CUDA_VISIBLE_DEVICES")


def statuses(tmp_path):
    return {
        path.parent.name[3:]: record.read(path.parent) for path in tmp_path.glob("job*/run.json")
    }


def test_a_job_that_hangs_is_killed_and_its_record_says_so(capfd, jobs, tmp_path, monkeypatch):
    own, waits = Stall.is_over, tmp_path / "jobwait"

    def is_over(stall: Stall) -> bool:  # a busy machine may need longer until a job has begun
        return stall._run_dir == waits and (waits / "run.json").exists() and own(stall)

    monkeypatch.setattr(Stall, "is_over", is_over)
    configs, context = jobs(["wait", "1"])
    returns = run_all(limited(configs, stall_minutes=2 / 60), trains, context, 2)
    assert [job.status.name for job in returns] == ["FAILED", "COMPLETED"]
    run = statuses(tmp_path)["wait"]
    reason = "no progress for 0.0333333 minutes (limits.stall_minutes): killed"
    assert (run.status, run.error) == ("failed", reason)


def hangs(config):
    """A task that hangs before it has a record."""
    import time
    from pathlib import Path

    from hydra.core.hydra_config import HydraConfig

    Path(HydraConfig.get().runtime.output_dir, "begun.log").touch()
    time.sleep(600)


def test_a_job_that_hangs_before_its_record_leaves_one(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(Stall, "is_over", lambda stall: (stall._run_dir / "begun.log").exists())
    [config], context = jobs("a")
    begun = RunRecord("a", "running", "t", "t", "c", [], 0, Metric("loss", "min"))
    job = replace(whole(config), record=lambda: begun)
    run_jobs([job], hangs, context, 1, limits=Limits(stall_minutes=1))
    run = statuses(tmp_path)["a"]
    reason = "no progress for 1 minutes (limits.stall_minutes): killed"
    assert (run.id, run.status, run.error) == ("a", "failed", reason)


def test_no_run_starts_after_so_many_failures(capfd, jobs, tmp_path):
    configs, context = jobs(["fail_a", "fail_b", "1", "2"])
    returns = run_all(limited(configs, max_failures=2), trains, context, 1)
    assert [job.status.name for job in returns] == ["FAILED"] * 4
    assert set(statuses(tmp_path)) == {"fail_a", "fail_b"}
    assert "limits.max_failures=2: 2 runs do not start" in capfd.readouterr().err


def test_the_first_failure_ends_the_others_where_that_is_asked_for(capfd, jobs, tmp_path):
    configs, context = jobs(["wait", "fail_late", "1"])
    returns = run_all(limited(configs, fail_fast=True), trains, context, 2)
    assert [job.status.name for job in returns] == ["FAILED"] * 3
    found = statuses(tmp_path)
    assert set(found) == {"wait", "fail_late"}
    assert (found["wait"].status, found["wait"].error) == (
        "interrupted", "stopped by limits.fail_fast=true before it was done",
    )  # fmt: skip
    said = "limits.fail_fast=true: 1 running runs save what they have and end, 1 do not start"
    assert said in capfd.readouterr().err


def test_a_sweep_ends_after_its_time(jobs, tmp_path):
    configs, context = jobs(["wait_a", "wait_b"])
    run_all(limited(configs, sweep_minutes=3 / 60), trains, context, 1)
    found = statuses(tmp_path)
    assert set(found) <= {"wait_a"}  # a job that had not begun has left nothing
    assert not (tmp_path / "jobwait_b").exists()
    for run in found.values():
        assert (run.status, run.error) == (
            "interrupted", "stopped by limits.sweep_minutes=0.05 before it was done",
        )  # fmt: skip


def on_gpus(configs, *devices):
    for config, number in zip(configs, devices, strict=True):
        with open_dict(config):
            config.trainer = {"accelerator": "auto", "devices": number}
    return configs


def test_each_job_sees_its_own_gpu(jobs):
    configs, context = jobs(["1", "2", "3"])
    returns = run_all(on_gpus(configs, 1, 1, 2), trains, context, None, gpus=["4", "7"])
    seen = [job.return_value for job in returns]
    assert set(seen[:2]) <= {"4", "7"} and seen[2] in ("4,7", "7,4")


@pytest.mark.parametrize("end", ["gpu", "gpu_never"])
def test_a_run_without_gpu_memory_is_tried_once_more_alone(capfd, jobs, tmp_path, end):
    configs, context = jobs([end, "1", "2"])
    returns = run_all(on_gpus(configs, 1, 1, 1), trains, context, None, 2, ["0"])
    assert (tmp_path / f"job{end}" / "tries").read_text() == "xx"
    status = "COMPLETED" if end == "gpu" else "FAILED"
    assert [job.status.name for job in returns] == [status, "COMPLETED", "COMPLETED"]
    said = capfd.readouterr().err
    assert said.count("it is tried once more, alone on its GPU") == 1
    assert len([line for line in said.splitlines() if line.startswith(("1/3", "2/3", "3/3"))]) == 3


SIGNALLED = """
import os, signal, sys, threading, time
from pathlib import Path
from hydra import compose, initialize
from hydra._internal.callbacks import Callbacks
from hydra.core.global_hydra import GlobalHydra
from hydra.types import HydraContext
sys.path.insert(0, {tests!r})
from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.sweep.launch.launched import whole
from bakeoff.sweep.launch.processes import run_jobs
from bakeoff.sweep.launch.stall import Stall
from test_processes import trains
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = Path({folder!r})
with initialize(version_base="1.3", config_path=None):
    configs = [
        compose(overrides=[f"+x={{x}}", f"hydra.sweep.dir={{folder}}", "hydra.sweep.subdir=job${{x}}"],
                return_hydra_config=True) for x in ("wait_a", "wait_b", "wait_c")
    ]
    context = HydraContext(GlobalHydra.instance().config_loader(), Callbacks())
def press():
    while not (folder / "jobwait_a" / "run.json").exists():
        time.sleep(0.05)
    for _ in range({times}):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.02)
threading.Thread(target=press, daemon=True).start()
try:
    run_jobs(list(map(whole, configs)), trains, context, 2)
except InterruptedRunError as error:
    print(error, error.number)
"""


@pytest.mark.parametrize("times", [1, 3])
def test_ctrl_c_leaves_no_traceback_and_no_folder_without_a_record(tmp_path, times):
    script = SIGNALLED.format(tests=os.path.dirname(__file__), folder=str(tmp_path), times=times)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "SIGINT 2\n", done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.glob("job*")} == {
        path.parent.name for path in tmp_path.glob("job*/run.json")
    }
    found = statuses(tmp_path)
    assert "wait_c" not in found
    assert {(run.status, run.error) for run in found.values()} == {
        ("interrupted", "stopped by SIGINT before it was done")
    }


# Surroundings that a launcher has to live with


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
