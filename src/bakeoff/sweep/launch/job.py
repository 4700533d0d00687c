"""Jobs in a process of their own: it runs the task, and sends what came of it to the launcher."""

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import cloudpickle
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, run_job, setup_globals
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.fused.train_alone import TrainAloneError
from bakeoff.gate.error_text import message
from bakeoff.sweep.launch.job_log import redirect_output
from bakeoff.sweep.launch.start_method import take_sigterm


def work(
    run_dirs: Sequence[Path], payload: bytes, sender: Connection, environment: Mapping[str, str]
) -> None:
    """Run the jobs in `payload`, a pickled (configs, task, context, state of Hydra's singletons): one, or
    several that train together. Send a list with a pickled JobReturn for each, None where it ended without,
    or TrainAloneError. What a job prints goes to a log in its run directory. `environment` says which GPUs
    the jobs see.
    """
    # A terminal sends Ctrl-C to every process. What it means for the jobs, the launcher says by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    take_sigterm()
    os.environ |= environment
    threading.Thread(target=end_with_parent, daemon=True).start()
    is_logged = False
    try:
        redirect_output(run_dirs[0])
        is_logged = True
        configs, task, context, state = cloudpickle.loads(payload)
        setup_globals()
        Singleton.set_state(state)
        result: Any = [_pickled(found) for found in _results(configs, run_dirs, task, context)]
    except TrainAloneError as error:
        result = error
    except Exception as error:  # before or after the task: its own exceptions are in the result
        if is_logged:  # else it would stand on the terminal
            traceback.print_exc()
        failed = _failed(f"the job could not run: {message(error, named=True)}")
        result = [_pickled(failed) for _ in run_dirs]
    sender.send_bytes(cloudpickle.dumps(result))
    sender.close()


def _results(
    configs: Sequence[DictConfig],
    run_dirs: Sequence[Path],
    task: TaskFunction,
    context: HydraContext,
) -> Sequence[JobReturn | BaseException]:
    if len(configs) == 1:
        return [run_job(task, configs[0], "hydra.sweep.dir", "hydra.sweep.subdir", context)]
    from bakeoff.sweep.launch.group_job import run_group  # torch: not before it is needed

    return run_group(configs, run_dirs, task, context)


def _pickled(result: JobReturn | BaseException) -> bytes | None:
    if isinstance(result, SystemExit):  # the record says why
        return None
    try:
        if isinstance(result, BaseException):
            traceback.print_exception(result)
            result = _failed(f"the job could not run: {message(result, named=True)}")
        result.cfg = result.hydra_cfg = None  # of a thousand jobs, they take much memory and time
        return cloudpickle.dumps(result)
    except Exception as error:  # an object can raise anything when it is pickled
        traceback.print_exc()
        reason = message(error, named=True)
        return cloudpickle.dumps(_failed(f"its result cannot be sent to the launcher: {reason}"))


def _failed(reason: str) -> JobReturn:
    failed = JobReturn(status=JobStatus.FAILED)
    failed.return_value = BakeoffError(reason)
    return failed


def end_with_parent() -> None:
    """End this process when the launcher ends: nobody waits for a training whose launcher was killed."""
    wait([multiprocessing.parent_process().sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
