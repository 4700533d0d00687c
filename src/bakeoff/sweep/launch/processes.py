"""The launcher: the jobs of a sweep side by side, each in its own process, which may fail or die alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import cloudpickle
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus
from hydra.types import HydraContext, TaskFunction

from bakeoff.fused.train_alone import TrainAloneError
from bakeoff.gate.error_text import GPU_MEMORY
from bakeoff.run.hooks import interruption
from bakeoff.run.hooks.interruption import Interruption, interruptible
from bakeoff.standard_streams import ensure_open
from bakeoff.store.record import RunRecord
from bakeoff.sweep.compose.limits import Failures, Limits, limits_of
from bakeoff.sweep.launch.handover import PlannedRuns
from bakeoff.sweep.launch.job_process import JobProcess, Run, wait_for_any
from bakeoff.sweep.launch.launched import LaunchedJob, incomplete, labels, record_of
from bakeoff.sweep.launch.start_method import start_method
from bakeoff.sweep.progress import SweepProgress, varying
from bakeoff.sweep.slots import Slots, cpu_places, visible_gpus, wants_gpu

POLL_S = 0.25
GRACE_S = interruption.GRACE_S + 10  # for jobs that were asked to end to save and leave


def run_jobs(
    jobs: Sequence[LaunchedJob],
    task: TaskFunction,
    context: HydraContext,
    n_jobs: int | None,
    jobs_per_gpu: int = 1,
    gpus: Sequence[str] | None = None,
    limits: Limits | None = None,
    groups: Sequence[Sequence[int]] | None = None,
) -> list[JobReturn]:
    """Run `task` on the config of every job, at most `n_jobs` at once, and wait for all; None: as many as
    there are places for them (`bakeoff.sweep.slots`). `gpus`: the names of those that the jobs may use,
    None: all. `limits` (`bakeoff.sweep.compose.limits`), None: those of the configs. `groups`: the numbers
    of the jobs that try to train together in one process; None: each has its own.

    A job that raises, exits, is killed or gives no result that can be read has status FAILED. If it has
    written a run record, the record says why; the terminal says it in any case. One that ran out of GPU
    memory is tried once more, alone on its GPU. A job that never started has status FAILED too.

    On Ctrl-C or SIGTERM the running jobs save what they have and end, their records say `interrupted`,
    and InterruptedRunError is raised; on a second signal, or after GRACE_S seconds, at once. Limits end a
    sweep in the same way, and raise nothing.
    """
    configs = [job.sections for job in jobs]
    if gpus is None:
        gpus = visible_gpus() if any(map(wants_gpu, configs)) else ()
    slots = Slots(cpu_places(configs), gpus, jobs_per_gpu, n_jobs)
    ensure_open()
    told_by = varying(job.overrides for job in jobs)
    with interruptible(GRACE_S) as asked, SweepProgress(len(jobs), told_by) as progress:
        asked.deferred = True
        if limits is None:
            limits = limits_of(configs[0]) if configs else Limits()
        asked.limit("limits.sweep_minutes", limits.sweep_minutes)
        groups = groups or [[number] for number in range(len(jobs))]
        launcher = _Launcher(jobs, task, context, slots, limits, asked, progress, groups)
        try:
            while launcher.waiting or launcher.running:
                launcher.step()
        except BaseException as error:
            launcher.end_at_once(str(error) or type(error).__name__)
            raise
        if asked.number is not None:
            asked.end()
    return [
        incomplete(job) if job_return is None else job_return
        for job, job_return in zip(jobs, launcher.returns, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Waiting:
    """Runs that wait for a place: one, or several that are to train together."""

    runs: Sequence[Run]
    alone: bool = False  # on its GPU, because it ran out of memory beside others


class _Launcher:
    """What waits, what runs, and what has come of it."""

    def __init__(
        self,
        jobs: Sequence[LaunchedJob],
        task: TaskFunction,
        context: HydraContext,
        slots: Slots,
        limits: Limits,
        asked: Interruption,
        progress: SweepProgress,
        groups: Sequence[Sequence[int]],
    ) -> None:
        runs = [Run(number, job) for number, job in enumerate(jobs)]
        self.waiting = [_Waiting([runs[number] for number in group]) for group in groups]
        self.running: list[JobProcess] = []
        self.returns: list[JobReturn | None] = [None] * len(jobs)
        self._processes = start_method()
        self._state = Singleton.get_state()
        self._task, self._context = task, context
        self._slots, self._limits, self._asked, self._progress = slots, limits, asked, progress
        self._labels = labels(jobs)
        self._failures = Failures(limits, asked)
        self._retried: set[int] = set()

    def step(self) -> None:
        """Start what can start, wait a moment, and see what has ended."""
        if self._asked.reason is not None:
            self._ask_to_end(self._asked.reason)
        self._start()
        wait_for_any(self.running, POLL_S)
        for job in list(self.running):
            if job.has_ended():
                self.running.remove(job)
                self._slots.free(job.slot)
                self._conclude(job)
            elif job.is_stalled():
                minutes = f"{self._limits.stall_minutes:g}"
                job.kill(f"no progress for {minutes} minutes (limits.stall_minutes): killed")
        self._progress.show([run.run_dir for job in self.running for run in job.runs])

    def end_at_once(self, reason: str) -> None:
        """Leave no process behind."""
        for job in self.running:
            job.end_at_once(reason)
        for job in self.running:
            job.leave()

    def _ask_to_end(self, reason: str) -> None:
        if self.waiting or any(not job.is_asked for job in self.running):
            running = sum(len(job.runs) for job in self.running)
            self._progress.say(
                f"{reason}: {running} running runs save what they have and end, "
                f"{self._count_waiting()} do not start"
            )
        self.waiting.clear()
        for job in self.running:
            job.ask(reason)

    def _start(self) -> None:
        blocked: set[bool] = (
            set()
        )  # whoever waits for a GPU does not keep others from the processor
        for waiting in list(self.waiting):
            on_gpu = bool(self._slots.gpus) and wants_gpu(waiting.runs[0].job.sections)
            if on_gpu in blocked:
                continue
            slot = self._slots.take(on_gpu, waiting.alone)
            if slot is None:
                blocked.add(on_gpu)
                continue
            self.waiting.remove(waiting)
            job = JobProcess(
                self._processes,
                waiting.runs,
                self._payload(waiting.runs),
                slot,
                self._slots.environment(slot),
                self._limits.stall_minutes,
            )
            self.running.append(job)

    def _payload(self, runs: Sequence[Run]) -> bytes:
        task = self._task
        configs = [run.job.compose() for run in runs]
        if isinstance(task, PlannedRuns):  # those of all jobs would be sent with each
            # By the number in the plan: a worker elsewhere has only one of its jobs.
            task = task.only([config.hydra.job.num for config in configs])
        return cloudpickle.dumps((configs, task, self._context, self._state))

    def _conclude(self, job: JobProcess) -> None:
        """Note what has come of a job, and what follows from it for the others."""
        try:
            results = job.results()
        except TrainAloneError as error:
            self._progress.say(f"{len(job.runs)} runs train alone: {error}")
            self.waiting[:0] = [_Waiting([run]) for run in job.runs]
            return
        for run, (returned, reason) in zip(job.runs, results, strict=True):
            self._conclude_run(job, run, returned, reason)

    def _conclude_run(
        self, job: JobProcess, run: Run, returned: JobReturn, reason: str | None
    ) -> None:
        self.returns[run.number] = returned
        found = record_of(run.run_dir)
        label = self._labels[run.number]
        if self._is_to_be_retried(job, run, found):
            self._retried.add(run.number)
            self.waiting.insert(0, _Waiting([run], alone=True))
            self._progress.say(f"{label}: {found.error}: it is tried once more, alone on its GPU")
            return
        if not (job.is_asked and found is None):
            self._progress.done(run.run_dir, [label], reason)
        self._failures.note(found, returned.status == JobStatus.FAILED and not job.is_asked)
        if (limit := self._failures.are_too_many) is not None and self.waiting:
            self._progress.say(f"{limit}: {self._count_waiting()} runs do not start")
            self.waiting.clear()

    def _is_to_be_retried(self, job: JobProcess, run: Run, found: RunRecord | None) -> bool:
        return (
            found is not None
            and found.status == "failed"
            and (found.error or "").startswith(GPU_MEMORY)
            and bool(job.slot.gpu)
            and run.number not in self._retried
            and self._asked.reason is None
        )

    def _count_waiting(self) -> int:
        return sum(len(waiting.runs) for waiting in self.waiting)
