"""The jobs of a sweep side by side, each in a process of its own that may fail or die alone."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import cloudpickle
from hydra.core.hydra_config import HydraConfig
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, run_job, setup_globals
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.sweep.progress import SweepProgress

OUTPUT = "output.log"  # what a job printed, in its directory
POLL_S = 0.25
GRACE_S = 20  # for interrupted jobs to write their records and leave


@dataclass
class _Running:
    number: int
    run_dir: Path
    process: Any
    receiver: Connection


def run_jobs(
    configs: Sequence[DictConfig], task: TaskFunction, context: HydraContext, n_jobs: int
) -> list[JobReturn]:
    """Run `task` on every config, at most `n_jobs` at once, and wait for all.

    A job that raises, exits or is killed has status FAILED, and its run record says so. On Ctrl-C or
    SIGTERM the running jobs are ended, their records say `interrupted`, and the signal goes on.
    """
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    processes = multiprocessing.get_context(method)
    if method == "forkserver":
        processes.set_forkserver_preload(["bakeoff.run.fit"])  # torch is imported once, not per job
    state = Singleton.get_state()
    waiting = list(enumerate(configs))
    running: list[_Running] = []
    returns: list[JobReturn | None] = [None] * len(configs)
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with SweepProgress(len(configs)) as progress:
            while waiting or running:
                while waiting and len(running) < n_jobs:
                    number, config = waiting.pop(0)
                    run_dir = _run_dir(config)
                    payload = cloudpickle.dumps((config, task, context, state, run_dir))
                    receiver, sender = processes.Pipe(duplex=False)
                    process = processes.Process(target=_job, args=(payload, sender))
                    process.start()
                    sender.close()
                    running.append(_Running(number, run_dir, process, receiver))
                wait([job.process.sentinel for job in running], POLL_S)
                for job in [job for job in running if not job.process.is_alive()]:
                    running.remove(job)
                    returns[job.number] = _result(job, configs[job.number])
                    progress.done(job.run_dir)
                progress.show([job.run_dir for job in running])
    except BaseException:
        _end(running)
        raise
    finally:
        signal.signal(signal.SIGTERM, previous)
    return [job_return for job_return in returns if job_return is not None]


def _run_dir(config: DictConfig) -> Path:
    """As Hydra will make it: the sub-directory may depend on the whole config."""
    HydraConfig.instance().set_config(config)
    return Path(config.hydra.sweep.dir, config.hydra.sweep.subdir).resolve()


def _job(payload: bytes, sender: Connection) -> None:
    config, task, context, state, run_dir = cloudpickle.loads(payload)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    run_dir.mkdir(parents=True, exist_ok=True)
    log = os.open(run_dir / OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    setup_globals()
    Singleton.set_state(state)
    result = run_job(task, config, "hydra.sweep.dir", "hydra.sweep.subdir", context)
    sender.send_bytes(cloudpickle.dumps(result))


def _end_with_parent() -> None:
    """A launcher that is killed outright must not leave trainings behind that nobody waits for."""
    wait([multiprocessing.parent_process().sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _result(job: _Running, config: DictConfig) -> JobReturn:
    job.process.join()
    overrides = OmegaConf.to_container(config.hydra.overrides.task)
    failed = JobReturn(overrides, config, status=JobStatus.FAILED)
    # BasicSweeper raises it after the last job: the command ends with status 1, without a traceback.
    failed.return_value = SystemExit(1)
    try:
        result = cloudpickle.loads(job.receiver.recv_bytes())
    except EOFError:
        death = _death(job.process.exitcode)
        if not (job.run_dir / record.FILE_NAME).exists():
            print(f"bakeoff: {' '.join(overrides)}: {death}", file=sys.stderr)
        _close_record(job.run_dir, "failed", death)
        return failed
    finally:
        job.receiver.close()
    error = result._return_value
    if result.status == JobStatus.FAILED and isinstance(error, OSError | BakeoffError):
        print(f"bakeoff: {' '.join(overrides)}: {error}", file=sys.stderr)
        _close_record(job.run_dir, "failed", str(error))
        return failed
    return result


def _death(exit_code: int) -> str:
    if exit_code >= 0:
        return f"its process ended with status {exit_code}: see {OUTPUT} in its directory"
    name = signal.Signals(-exit_code).name
    hint = " (out of memory?)" if name == "SIGKILL" else ""
    return f"its process was killed by {name}{hint}"


def _close_record(run_dir: Path, status: record.Status, error: str) -> None:
    """A run that could not say how it ended: say it for it."""
    if not (run_dir / record.FILE_NAME).exists():
        return
    run = record.read(run_dir)
    if run.status != "running":
        return
    run.status, run.error = status, error
    try:
        run.write(run_dir)
    except BakeoffError as reason:  # a full disk must not keep the other jobs from ending well
        print(f"bakeoff: {reason}", file=sys.stderr)


def _end(running: Sequence[_Running]) -> None:
    for job in running:
        job.process.terminate()
    for job in running:
        job.process.join(GRACE_S)
        job.process.kill()
        job.process.join()
        _close_record(job.run_dir, "interrupted", "stopped by a signal before it was done")


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
