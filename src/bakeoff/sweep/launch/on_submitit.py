"""submitit as an engine: each job is one of a job array of Slurm, or a process of this machine."""

import io
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import submitit
from omegaconf import DictConfig
from submitit.core.utils import FailedJobError

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import message
from bakeoff.sweep.launch.elsewhere import Lost
from bakeoff.sweep.launch.submitit_clusters import CLUSTERS, Cluster, Job
from bakeoff.sweep.launch.submitit_work import work_in_time

ARRAY = 1000  # jobs in one array; Slurm takes 1001 where nobody has changed that


class SubmititEngine:
    """Jobs as those of `cluster`, `slurm` or `local`; `parameters` are submitit's, `folder` holds its
    files. A job whose time is up starts again, `max_num_timeout` times.
    """

    def __init__(
        self,
        cluster: str,
        folder: Path,
        max_num_timeout: int,
        at_once: int | None,
        parameters: Mapping[str, Any],
    ) -> None:
        self.at_once, self.cluster = at_once, cluster
        self._max_num_timeout = max_num_timeout
        self._timeouts: Counter[int] = Counter()
        self._running: dict[int, Job] = {}
        self._news: list[str] = []
        self._said: set[str] = set()
        self._minutes = parameters.get("timeout_min")
        self._cluster: Cluster = CLUSTERS[cluster]()
        options, parameters = self._cluster.settings(parameters)
        with _answered(cluster):
            self._executor = submitit.AutoExecutor(folder.absolute() / "%j", cluster, **options)
            self._executor.update_parameters(**parameters)
        if (count := self._cluster.cancel_left(folder)) > 0:  # they hold the directories of runs
            self._news.append(f"jobs of an earlier command that are cancelled: {count}")

    def start(self, jobs: Sequence[tuple[int, DictConfig, bytes]]) -> None:
        """Start jobs, several as one array."""
        for first in range(0, len(jobs), ARRAY):
            part = jobs[first : first + ARRAY]
            self._submit([number for number, _, _ in part], [payload for _, _, payload in part])

    def _submit(self, numbers: Sequence[int], payloads: Sequence[bytes]) -> None:
        place = str(Path.cwd())
        with _answered(self.cluster), self._executor.batch():
            started = [self._executor.submit(work_in_time, place, payload) for payload in payloads]
        self._cluster.add(started)
        self._running |= dict(zip(numbers, started, strict=True))

    def ended(self, wait_s: float) -> list[tuple[int, bytes | Lost]]:
        """The jobs that have ended since."""
        until = time.monotonic() + wait_s
        while True:
            done = [number for number, job in self._running.items() if self._has_ended(job)]
            if done or time.monotonic() > until:
                found = [(number, self._outcome(number)) for number in done]
                return [(number, result) for number, result in found if result is not None]
            time.sleep(self._cluster.pause_s)

    def news(self) -> list[str]:
        """Lines for the terminal since the last call."""
        new = {key: line for key, line in self._cluster.news().items() if key not in self._said}
        self._said |= new.keys()
        lines, self._news = [*self._news, *new.values()], []
        return lines

    def cancel(self, numbers: Collection[int]) -> None:
        """Cancel these jobs, and wait until they have ended."""
        jobs = [self._running.pop(number) for number in numbers if number in self._running]
        self._cluster.cancel(jobs)
        for job in jobs:
            self._cluster.forget(job)

    def _has_ended(self, job: Job) -> bool:
        return job.paths.result_pickle.exists() or self._cluster.has_ended(job)

    def _outcome(self, number: int) -> bytes | Lost | None:
        """What became of a job that has ended; None where it has started again because its time was up."""
        job = self._running.pop(number)
        lost = self._cluster.lost(job)
        self._cluster.forget(job)
        if not job.paths.result_pickle.exists():
            return lost
        try:
            result = job.result()
        except FailedJobError as error:  # raised by `work`, before the job's own process
            return Lost(str(error).strip().splitlines()[-1], refusal=True)
        if result is not None:
            return result
        self._timeouts[number] += 1
        said = f"its time (hydra.launcher.timeout_min={self._minutes}) was up"
        if self._timeouts[number] > self._max_num_timeout:
            often = f"hydra.launcher.max_num_timeout={self._max_num_timeout}"
            return Lost(f"{said}, more often than {often}", refusal=True)
        self._news.append(f"job {job.job_id}: {said}: it goes on as another job")
        self._submit([number], [job.submission().args[1]])
        return None


@contextmanager
def _answered(cluster: str) -> Iterator[None]:
    """What submitit or Slurm refuses as BakeoffError."""
    try:
        with redirect_stderr(io.StringIO()):  # submitit prints what it raises
            yield
    except Exception as error:  # many kinds
        said = "; ".join(message(error).splitlines())
        raise BakeoffError(
            f"hydra.launcher (submitit, {cluster}): {said}. `bakeoff resume SWEEP` goes on with other "
            "settings of the launcher, or another one"
        ) from None
