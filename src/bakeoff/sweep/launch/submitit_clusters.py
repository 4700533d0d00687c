"""What Slurm and the processes of this machine answer differently when submitit runs jobs on them."""

import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import submitit

from bakeoff.errors import BakeoffError
from bakeoff.sweep.launch.elsewhere import Lost
from bakeoff.sweep.launch.processes import GRACE_S
from bakeoff.sweep.launch.slurm_queue import SlurmQueue
from bakeoff.sweep.launch.submitit_work import TIME_IS_UP

EARLY_S = 60  # by which Slurm may send its signal earlier than it was asked to
Job = submitit.Job[bytes | None]
Settings = Mapping[str, Any]


class Cluster(Protocol):
    """Where submitit's jobs run."""

    pause_s: float  # between two looks at the jobs

    def settings(self, parameters: Settings) -> tuple[Settings, Settings]:
        """The options of submitit's executor and the parameters of its jobs."""

    def cancel_left(self, folder: Path) -> int:
        """Cancel the jobs that a killed command has left whose files are in `folder`; how many."""

    def add(self, jobs: Sequence[Job]) -> None:
        """Watch these jobs, which were started just now."""

    def forget(self, job: Job) -> None:
        """Watch a job no longer."""

    def has_ended(self, job: Job) -> bool:
        """Whether a job has ended."""

    def lost(self, job: Job) -> Lost:
        """What to say of a job that has ended without a result."""

    def cancel(self, jobs: Sequence[Job]) -> None:
        """Cancel these jobs, and wait until they have ended."""

    def news(self) -> Mapping[str, str]:
        """Lines for the terminal, by what is to be said once."""


class Local:
    """Processes of this machine."""

    pause_s = 0.1

    def settings(self, parameters: Settings) -> tuple[Settings, Settings]:
        return {}, parameters

    def cancel_left(self, folder: Path) -> int:
        return 0

    def add(self, jobs: Sequence[Job]) -> None: ...

    def forget(self, job: Job) -> None: ...

    def has_ended(self, job: Job) -> bool:
        return job.done()

    def lost(self, job: Job) -> Lost:
        return Lost(f"its worker or its machine was lost (job {job.job_id}: {job.state})")

    def cancel(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            job.cancel(check=False)
        until = time.monotonic() + GRACE_S
        while time.monotonic() < until and not all(job.done() for job in jobs):
            time.sleep(self.pause_s)

    def news(self) -> Mapping[str, str]:
        return {}


class Slurm:
    """Jobs of Slurm, of which its queue tells. submitit itself would ask `sacct`, every ten minutes
    at last, and never notice a job that was lost where there is no accounting.
    """

    pause_s = 0.5

    def __init__(self) -> None:
        self._queue = SlurmQueue()

    def settings(self, parameters: Settings) -> tuple[Settings, Settings]:
        """Those with which the signals of Slurm arrive where they should.

        The worker is the first process of its job: Slurm tells it alone that its time will soon be up, and
        kills what is left when it has ended. bakeoff starts lost jobs again; Slurm would do so beside it.
        """
        minutes, delay = parameters["timeout_min"], parameters["slurm_signal_delay_s"]
        if 60 * minutes <= delay + EARLY_S:
            raise BakeoffError(
                f"hydra.launcher.timeout_min={minutes} with hydra.launcher.slurm_signal_delay_s={delay}: "
                "the signal would come before a job has begun; expected more than "
                f"{(delay + EARLY_S) / 60:g} minutes, or a shorter delay"
            )
        signal = f"B:{TIME_IS_UP.name.removeprefix('SIG')}@{delay}"
        given = parameters.get("slurm_additional_parameters") or {}
        return {"slurm_python": f"exec {shlex.quote(sys.executable)}"}, {
            **parameters,
            "slurm_use_srun": False,
            "slurm_additional_parameters": {"signal": signal, "no-requeue": True} | given,
        }

    def cancel_left(self, folder: Path) -> int:
        left = self._queue.left([path.name for path in folder.glob("[0-9]*")])
        self._queue.cancel(left, GRACE_S)
        return len(left)

    def add(self, jobs: Sequence[Job]) -> None:
        self._queue.add([job.job_id for job in jobs])

    def forget(self, job: Job) -> None:
        self._queue.forget(job.job_id)

    def has_ended(self, job: Job) -> bool:
        return self._queue.has_ended(job.job_id)

    def lost(self, job: Job) -> Lost:
        state = self._queue.state(job.job_id)
        told = f"Slurm job {job.job_id}: {state}"
        if state == "CANCELLED":  # somebody does not want it
            return Lost(f"it was cancelled ({told})", refusal=True)
        if state == "OUT_OF_MEMORY":
            hint = "ask for more with hydra.launcher.mem_gb"
            return Lost(f"out of memory ({told}): {hint}", refusal=True)
        log = job.paths.stderr
        return Lost(f"its worker or its machine was lost ({told}; its log is {log})")

    def cancel(self, jobs: Sequence[Job]) -> None:
        self._queue.cancel([job.job_id for job in jobs], GRACE_S)

    def news(self) -> Mapping[str, str]:
        lines = {
            reason: f"jobs that wait in Slurm's queue: {count} ({reason})"
            for reason, count in self._queue.reasons().items()
        }
        if (trouble := self._queue.trouble) is not None:
            lines[trouble] = f"Slurm's queue does not answer, and is asked again: {trouble}"
        return lines


CLUSTERS = {"local": Local, "slurm": Slurm}
