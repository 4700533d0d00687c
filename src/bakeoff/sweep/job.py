"""A job in its own process: runs the task, and sends what came of it to the launcher."""

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection, wait
from pathlib import Path

import cloudpickle
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, run_job, setup_globals

from bakeoff.errors import BakeoffError
from bakeoff.run.error_text import message
from bakeoff.sweep.job_log import redirect_output


def work(run_dir: Path, payload: bytes, sender: Connection, environment: Mapping[str, str]) -> None:
    """Run the job in `payload`, a pickled (config, task, context, state of Hydra's singletons), and send a
    pickled JobReturn. What the job prints goes to a log in `run_dir`. `environment` says which GPUs it
    sees.
    """
    # A terminal sends Ctrl-C to every process. What it means for the jobs, the launcher says by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ |= environment
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        redirect_output(run_dir)
        config, task, context, state = cloudpickle.loads(payload)
        setup_globals()
        Singleton.set_state(state)
        result = run_job(task, config, "hydra.sweep.dir", "hydra.sweep.subdir", context)
    except Exception as error:  # before or after the task: its own exceptions are in the result
        traceback.print_exc()
        result = _failed(f"the job could not run: {message(error, named=True)}")
    sender.send_bytes(_pickled(result))
    sender.close()


def _pickled(result: JobReturn) -> bytes:
    try:
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
