"""What ends jobs in processes: limits, failures of others, a GPU without memory, Ctrl-C."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from omegaconf import open_dict
from tests.sweep.running import run_all

from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.compose.limits import Limits
from bakeoff.sweep.launch.launched import whole
from bakeoff.sweep.launch.processes import run_jobs
from bakeoff.sweep.launch.stall import Stall


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


def on_gpus(configs):
    for config in configs:
        with open_dict(config):
            config.trainer = {"accelerator": "auto", "devices": 1}
    return configs


def test_each_job_sees_its_own_gpu(jobs):
    configs, context = jobs(["1", "2", "3"])
    returns = run_all(on_gpus(configs), trains, context, None, gpus=["4", "7"])
    assert {job.return_value for job in returns} == {"4", "7"}


@pytest.mark.parametrize("end", ["gpu", "gpu_never"])
def test_a_run_without_gpu_memory_is_tried_once_more_alone(capfd, jobs, tmp_path, end):
    configs, context = jobs([end, "1", "2"])
    returns = run_all(on_gpus(configs), trains, context, None, 2, ["0"])
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
from test_limits_of_processes import trains
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
