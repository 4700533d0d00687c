"""A job in a worker that submitit has started, as a job of Slurm or a process."""

import os
import signal
from types import FrameType

from submitit import JobEnvironment

from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.sweep.launch.worker import work

TIME_IS_UP = signal.Signals[f"SIG{JobEnvironment.USR_SIG}"]  # some time before it is


class Work:
    """`bakeoff.sweep.launch.worker.work`, as submitit calls it."""

    def __call__(self, folder: str, payload: bytes) -> bytes | None:
        """Run the job in `payload`; None where its time was up: it has saved what it has."""
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
