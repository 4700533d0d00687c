"""A job in a worker that submitit has started, as a job of Slurm or a process."""

import os
import signal
from types import FrameType

from submitit import JobEnvironment

from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.sweep.launch.worker import work

TIME_IS_UP = signal.Signals[f"SIG{JobEnvironment.USR_SIG}"]  # some time before it is


def work_in_time(folder: str, payload: bytes) -> bytes | None:
    """As `bakeoff.sweep.launch.worker.work`; None where the job ended, saved, because its time was up."""
    is_up = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal is_up
        is_up = True
        os.kill(os.getpid(), signal.SIGTERM)

    # submitit's own answer would have Slurm start the job again, which not every cluster allows.
    signal.signal(TIME_IS_UP, end)
    try:
        return work(folder, payload)
    except InterruptedRunError:
        if not is_up:
            raise
        return None
