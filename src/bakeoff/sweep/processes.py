"""The launcher: the jobs of a sweep side by side, each in its own process, which may fail or die alone."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import cloudpickle
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.run.cores import usable_cores
from bakeoff.run.error_text import message
from bakeoff.standard_streams import ensure_open
from bakeoff.sweep import job_log
from bakeoff.sweep.job import work
from bakeoff.sweep.launched import close_record, failed, labels, run_dir_of
from bakeoff.sweep.progress import SweepProgress, varying
from bakeoff.sweep.start_method import start_method

POLL_S = 0.25
GRACE_S = 20  # for interrupted jobs to write their records and leave


@dataclass
class _Job:
    number: int
    config: DictConfig
    run_dir: Path
    process: BaseProcess
    receiver: Connection
    result: bytes | None = field(default=None, repr=False)


def run_jobs(
    configs: Sequence[DictConfig], task: TaskFunction, context: HydraContext, n_jobs: int | None
) -> list[JobReturn]:
    """Run `task` on every config, at most `n_jobs` at once, and wait for all; None: `slots(configs)`.

    A job that raises, exits, is killed or gives no result that can be read has status FAILED. If it has
    written a run record, the record says why; the terminal says it in any case. On Ctrl-C or SIGTERM
    the running jobs are ended, their records say `interrupted`, and KeyboardInterrupt is raised.
    """
    n_jobs = slots(configs) if n_jobs is None else n_jobs
    if n_jobs < 1:
        raise BakeoffError(f"hydra.launcher.n_jobs is {n_jobs}: expected 1 or more, or null")
    ensure_open()
    processes = start_method()
    state = Singleton.get_state()
    waiting = list(enumerate(configs))
    running: list[_Job] = []
    returns: list[JobReturn | None] = [None] * len(configs)
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        names = labels(configs)
        with SweepProgress(len(configs), varying(configs)) as progress:
            while waiting or running:
                while waiting and len(running) < n_jobs:
                    number, config = waiting.pop(0)
                    run_dir = run_dir_of(config)
                    payload = cloudpickle.dumps((config, task, context, state))
                    receiver, sender = processes.Pipe(duplex=False)
                    process = processes.Process(target=work, args=(run_dir, payload, sender))
                    process.start()
                    sender.close()
                    running.append(_Job(number, config, run_dir, process, receiver))
                _wait(running)
                for job in list(running):
                    ended = not job.process.is_alive()
                    _receive(job)
                    job_log.cut_middle(job.run_dir)
                    if ended:
                        running.remove(job)
                        returns[job.number], reason = _result(job)
                        progress.done(job.run_dir, [names[job.number]], reason)
                progress.show([job.run_dir for job in running])
    except BaseException:
        _end(running)
        raise
    finally:
        signal.signal(signal.SIGTERM, previous)
    return [job_return for job_return in returns if job_return is not None]


def slots(configs: Sequence[DictConfig], cores: int | None = None) -> int:
    """How many jobs fit beside each other: the usable cores by the most `threads` that a config asks for.

    At least 1. A config without `threads` counts as one thread.
    """
    threads = max((OmegaConf.select(c, "threads", default=1) for c in configs), default=1)
    return max(1, (usable_cores() if cores is None else cores) // max(1, threads))


def _wait(running: Sequence[_Job]) -> None:
    """Wait until a job has ended or sends its result, POLL_S at most."""
    receivers = [job.receiver for job in running if not job.receiver.closed]
    wait([*receivers, *(job.process.sentinel for job in running)], POLL_S)


def _receive(job: _Job) -> None:
    """Read the job's result where there is one: a job cannot end while its result fills the pipe."""
    if job.receiver.closed:
        return
    try:
        if not job.receiver.poll():
            return
        job.result = job.receiver.recv_bytes()
    except (EOFError, OSError):  # the job ended without a result, or in the middle of it
        pass
    job.receiver.close()


def _result(job: _Job) -> tuple[JobReturn, str | None]:
    """What became of a job that has ended, and why where it failed by itself or died."""
    job.process.join()
    job.receiver.close()
    try:
        if job.result is None:
            return _failed(job, _death(job.process.exitcode))
        result = cloudpickle.loads(job.result)
    except Exception as error:  # an object can raise anything when it is unpickled
        return _failed(job, f"its result cannot be read: {message(error, named=True)}")
    error = result._return_value
    if result.status == JobStatus.FAILED and isinstance(error, OSError | BakeoffError):
        return _failed(job, message(error))
    return result, None


def _failed(job: _Job, reason: str) -> tuple[JobReturn, str]:
    return failed(job.config, job.run_dir, reason), reason


def _death(exit_code: int) -> str:
    if exit_code >= 0:
        return (
            f"its process ended with status {exit_code} before the run was done: see {job_log.NAME} "
            "in its directory"
        )
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:  # a real-time signal
        name = f"signal {-exit_code}"
    hint = " (out of memory?)" if name == "SIGKILL" else ""
    return f"its process was killed by {name}{hint}"


def _end(running: Sequence[_Job]) -> None:
    for job in running:
        job.process.terminate()
    for job in running:
        job.process.join(GRACE_S)
        job.process.kill()
        job.process.join()
        close_record(job.run_dir, "interrupted", "stopped by a signal before it was done")


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
