"""submitit as an engine: each job is one of a job array of Slurm, or a process of this machine."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import submitit
from omegaconf import DictConfig
from submitit.core.utils import FailedJobError, UncompletedJobError
from submitit.helpers import DelayedSubmission

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import message
from bakeoff.sweep.launch.elsewhere import Lost
from bakeoff.sweep.launch.processes import GRACE_S
from bakeoff.sweep.launch.worker import work

PAUSE_S = 0.1


class Work:
    """`work`, as submitit runs it; a job whose time is up is queued again and goes on."""

    def __call__(self, folder: str, payload: bytes) -> bytes:
        """Run the job in `payload`."""
        return work(folder, payload)

    def checkpoint(self, folder: str, payload: bytes) -> DelayedSubmission:
        """Called by submitit shortly before the time of the job is up: the same again."""
        return DelayedSubmission(self, folder, payload)


class SubmititEngine:
    """Jobs as those of `cluster`, `slurm` or `local`; `parameters` are submitit's, `folder` holds its
    files.
    """

    def __init__(
        self,
        cluster: str,
        folder: Path,
        max_num_timeout: int,
        at_once: int | None,
        parameters: Mapping[str, Any],
    ) -> None:
        self.at_once = at_once
        options = {f"{cluster}_max_num_timeout": max_num_timeout}
        with _answered(cluster):
            self._executor = submitit.AutoExecutor(folder.absolute() / "%j", cluster, **options)
            self._executor.update_parameters(**parameters)
        self.cluster = cluster
        self._running: dict[int, submitit.Job[bytes]] = {}

    def start(self, jobs: Sequence[tuple[int, DictConfig, bytes]]) -> None:
        """Start jobs, several as one array."""
        if not jobs:
            return
        place = str(Path.cwd())
        with _answered(self.cluster), self._executor.batch():
            started = [self._executor.submit(Work(), place, payload) for _, _, payload in jobs]
        self._running |= {number: job for (number, _, _), job in zip(jobs, started, strict=True)}

    def ended(self, wait_s: float) -> list[tuple[int, bytes | Lost]]:
        """The jobs that have ended since."""
        until = time.monotonic() + wait_s
        while True:
            done = [number for number, job in self._running.items() if job.done()]
            if done or time.monotonic() > until:
                return [(number, _outcome(self._running.pop(number))) for number in done]
            time.sleep(PAUSE_S)

    def cancel(self, numbers: Collection[int]) -> None:
        """Cancel these jobs, and wait until they have ended."""
        jobs = [self._running.pop(number) for number in numbers]
        for job in jobs:
            job.cancel(check=False)
        until = time.monotonic() + GRACE_S
        while time.monotonic() < until and not all(job.done() for job in jobs):
            time.sleep(PAUSE_S)


@contextmanager
def _answered(cluster: str) -> Iterator[None]:
    """What submitit or Slurm refuses as BakeoffError."""
    try:
        yield
    except Exception as error:  # many kinds
        raise BakeoffError(
            f"hydra.launcher (submitit, {cluster}): {message(error)}. Nothing was handed over; `bakeoff "
            "resume SWEEP` takes other settings of the launcher, or another one"
        ) from None


def _outcome(job: submitit.Job[bytes]) -> bytes | Lost:
    try:
        return job.result()
    except FailedJobError as error:  # raised by `work`, before the job's own process
        return Lost(str(error).strip().splitlines()[-1], refusal=True)
    except UncompletedJobError:
        return Lost(f"its worker or its machine was lost (job {job.job_id}: {job.state})")
