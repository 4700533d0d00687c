"""The jobs of a sweep on machines that another program hands out: an engine, such as Ray or Slurm.

In the worker that the engine starts (`sweep/launch/worker.py`), a job runs in a process of its own,
started and watched by the same code as on one machine: what it leaves in its directory is the same. The
machines share that directory.
"""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cloudpickle
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import ALLOW
from bakeoff.run.hooks.interruption import interruptible
from bakeoff.sweep.compose.limits import Failures, Limits, limits_of
from bakeoff.sweep.launch.handover import PlannedRuns
from bakeoff.sweep.launch.launched import (
    LaunchedJob,
    close_record,
    failed,
    incomplete,
    labels,
    record_of,
)
from bakeoff.sweep.progress import SweepProgress, varying

POLL_S = 1.0


@dataclass(frozen=True)
class Lost:
    """A job of which the engine has no result: its worker or machine ended, or the engine says `refusal`,
    which another try would not change.
    """

    reason: str
    refusal: bool = False


class Engine(Protocol):
    """Hands jobs to the machines: `work(folder, payload)` runs there."""

    at_once: int | None  # jobs; None: any number, the engine lets them wait

    def start(self, jobs: Sequence[tuple[int, DictConfig, bytes]]) -> None:
        """Start jobs: number, config and payload of each."""

    def ended(self, wait_s: float) -> list[tuple[int, bytes | Lost]]:
        """What became of jobs that have ended since, by number; waits `wait_s` for the first."""

    def news(self) -> Sequence[str]:
        """Lines for the terminal since the last call, as why jobs wait."""

    def cancel(self, numbers: Collection[int]) -> None:
        """Ask those of these jobs to end that were started, and wait until they have; those that have not
        begun never do.
        """


def run_elsewhere(
    jobs: Sequence[LaunchedJob],
    task: TaskFunction,
    context: HydraContext,
    engine: Engine,
    retries: int,
) -> list[JobReturn]:
    """Run `task` on the config of every job and wait for all.

    A job whose worker or machine is lost starts again, `retries` times: a training goes on from its
    newest checkpoint. Never by the engine itself, which could start it beside one that has not ended.
    Otherwise as `processes.run_jobs`; the limits of a run hold in its worker.
    """
    if retries < 0:
        raise BakeoffError(f"hydra.launcher.retries is {retries}: expected 0 or more")
    if engine.at_once is not None and engine.at_once < 1:
        raise BakeoffError(
            f"hydra.launcher.at_once is {engine.at_once}: expected 1 or more, or null"
        )
    told_by = varying(job.overrides for job in jobs)
    with interruptible() as asked, SweepProgress(len(jobs), told_by) as progress:
        asked.deferred = True
        limits = limits_of(jobs[0].sections) if jobs else Limits()
        asked.limit("limits.sweep_minutes", limits.sweep_minutes)
        sweep = _Elsewhere(jobs, task, context, engine, retries, Failures(limits, asked), progress)
        try:
            while sweep.goes_on and asked.reason is None:
                sweep.step()
        except BakeoffError:
            sweep.end("an error of its launcher")
            raise
        except BaseException as error:
            sweep.end(str(error) or type(error).__name__)
            raise
        if sweep.goes_on:
            sweep.end(asked.reason)
        if asked.number is not None:
            asked.end()
    return [
        incomplete(job) if returned is None else returned
        for job, returned in zip(jobs, sweep.returns, strict=True)
    ]


class _Elsewhere:
    """What waits, what the engine has, and what has come of it."""

    def __init__(
        self,
        jobs: Sequence[LaunchedJob],
        task: TaskFunction,
        context: HydraContext,
        engine: Engine,
        retries: int,
        failures: Failures,
        progress: SweepProgress,
    ) -> None:
        self._jobs, self._names = jobs, labels(jobs)
        self._handed = (task, context, Singleton.get_state())
        self._engine, self._retries = engine, retries
        self._failures, self._progress = failures, progress
        self._waiting, self._running = list(range(len(jobs))), set[int]()
        self._tries = [0] * len(jobs)
        self.returns: list[JobReturn | None] = [None] * len(jobs)

    @property
    def goes_on(self) -> bool:
        """Whether there is a job that has not ended."""
        return bool(self._waiting or self._running)

    def step(self) -> None:
        """Start what the engine takes, wait a moment, and see what has ended."""
        at_once = self._engine.at_once
        room = None if at_once is None else at_once - len(self._running)
        starting = self._waiting[:room]
        del self._waiting[: len(starting)]
        self._running |= set(starting)
        self._engine.start([_started(n, self._jobs[n], *self._handed) for n in starting])
        for number, result in self._engine.ended(POLL_S):
            self._running.remove(number)
            self._conclude(number, result)
        for line in self._engine.news():
            self._progress.say(line)
        if self._failures.are_too_many is not None:
            self._start_no_more(self._failures.are_too_many)
        self._progress.show([self._jobs[number].run_dir for number in self._running])

    def _conclude(self, number: int, result: "bytes | Lost") -> None:
        job, reason = self._jobs[number], None
        if isinstance(result, bytes):
            returned = cloudpickle.loads(result)
        elif (done := _completed(job)) is not None:  # lost after its last word
            returned = done
        elif not result.refusal and self._tries[number] < self._retries:
            self._tries[number] += 1
            self._waiting.append(number)
            self._progress.say(f"{self._names[number]}: {result.reason}: it starts again")
            return
        else:
            often = "" if result.refusal else f", {self._tries[number] + 1} times"
            reason = f"{result.reason}{often}"
            returned = failed(job, reason)
            # A run that was told to end knows of a signal only.
            close_record(job.run_dir, "interrupted", reason, of=("interrupted",))
        self.returns[number] = returned
        self._progress.done(job.run_dir, [self._names[number]], reason)
        self._failures.note(record_of(job.run_dir), returned.status == JobStatus.FAILED)

    def _start_no_more(self, limit: str) -> None:
        """Drop what has not begun; the engine may have jobs that wait for a place."""
        begun = {number for number in self._running if _is_running(self._jobs[number].run_dir)}
        dropped = self._running - begun
        if not (self._waiting or dropped):
            return
        count = len(self._waiting) + len(dropped)
        self._progress.say(f"{limit}: {count} runs do not start")
        self._engine.cancel(dropped)
        self._running, self._waiting = begun, []

    def end(self, reason: str) -> None:
        """Let all running jobs save what they have and end; their records say for what `reason`."""
        begun = [number for number in self._running if _is_running(self._jobs[number].run_dir)]
        not_begun = len(self._running) + len(self._waiting) - len(begun)
        self._progress.say(
            f"{reason}: {len(begun)} running runs save what they have and end, "
            f"{not_begun} do not start"
        )
        self._engine.cancel(self._running)
        why = f"stopped by {reason} before it was done"
        for number in begun:  # a worker knows of its engine's signal only
            run_dir = self._jobs[number].run_dir
            close_record(run_dir, "interrupted", why, of=("running", "interrupted"))
        self._running.clear()
        self._waiting.clear()


def _completed(job: LaunchedJob) -> JobReturn | None:
    """The return of a job whose record says that it completed; None where it does not."""
    run = record_of(job.run_dir)
    if run is None or run.status != "completed":
        return None
    returned = JobReturn(list(job.overrides), status=JobStatus.COMPLETED)
    returned.return_value = run.metric.value
    return returned


def _is_running(run_dir: Path) -> bool:
    run = record_of(run_dir)
    return run is not None and run.status == "running"


def _started(
    number: int, job: LaunchedJob, task: TaskFunction, context: HydraContext, state: Any
) -> tuple[int, DictConfig, bytes]:
    """What an engine gets of a job."""
    config = job.compose()
    if isinstance(task, PlannedRuns):  # those of all jobs would be sent with each
        task = task.only([number])
    allowed = os.environ.get(ALLOW, "")
    return number, config, cloudpickle.dumps((config, task, context, state, allowed))
