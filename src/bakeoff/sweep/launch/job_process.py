"""The process of one job, as the launcher sees it: started, heard, ended."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import cloudpickle
from hydra.core.utils import JobReturn, JobStatus

from bakeoff.errors import BakeoffError
from bakeoff.fused.train_alone import TrainAloneError
from bakeoff.gate.error_text import message
from bakeoff.store import record
from bakeoff.sweep.launch import job_log
from bakeoff.sweep.launch.job import work
from bakeoff.sweep.launch.launched import LaunchedJob, close_record, failed, incomplete, stalled
from bakeoff.sweep.launch.process_end import death, wait_or_kill
from bakeoff.sweep.launch.stall import Stall
from bakeoff.sweep.slots import Slot

LEAVE_S = 3  # for a job that is ended at once to write its record


@dataclass(frozen=True)
class Run:
    """Run number `number` of the sweep."""

    number: int
    job: LaunchedJob

    @property
    def run_dir(self) -> Path:
        """Its directory."""
        return self.job.run_dir


class JobProcess:
    """The process of a run, or of several that train together, by a pickled (configs, task, context,
    state).
    """

    def __init__(
        self,
        processes: BaseContext,
        runs: Sequence[Run],
        payload: bytes,
        slot: Slot,
        environment: dict[str, str],
        stall_minutes: float | None,
    ) -> None:
        self.runs, self.slot = runs, slot
        self._stalls = [Stall(run.run_dir, stall_minutes) for run in runs]
        self._result: bytes | None = None
        self._ended_because: str | None = None
        self._killed_because: str | None = None
        self._receiver, sender = processes.Pipe(duplex=False)
        self._process: BaseProcess = processes.Process(
            target=work, args=([run.run_dir for run in runs], payload, sender, environment)
        )
        self._process.start()
        sender.close()

    def has_ended(self) -> bool:
        """Whether the process is gone. Reads the result: a job with a large one cannot end before."""
        ended = not self._process.is_alive()
        self._receive()
        for run in self.runs:
            job_log.cut_middle(run.run_dir)
        return ended

    def is_stalled(self) -> bool:
        """Whether no run has made progress for so many minutes."""
        over = [stall.is_over() for stall in self._stalls]  # each has to look
        return all(over)

    @property
    def is_asked(self) -> bool:
        """Whether the job was asked to end."""
        return self._ended_because is not None

    def ask(self, reason: str) -> None:
        """Let the job save what it has and end; the record will say for what `reason`."""
        if self._ended_because is None:
            self._ended_because = reason
            self._process.terminate()

    def kill(self, reason: str) -> None:
        """End a job that hangs."""
        self._killed_because = reason
        self._process.kill()

    def end_at_once(self, reason: str) -> None:
        """Ask again, which a training takes for at once."""
        self._ended_because = self._ended_because or reason
        self._process.terminate()

    def leave(self) -> None:
        """Wait LEAVE_S seconds for a job that was ended at once, then kill it."""
        wait_or_kill(self._process, LEAVE_S)
        for run in self.runs:
            self._note_interruption(run)

    def results(self) -> list[tuple[JobReturn, str | None]]:
        """What became of each run of a job that has ended, and why where it failed by itself or died.

        Raises TrainAloneError where runs that were to train together are to be trained alone.
        """
        self._process.join()
        self._receiver.close()
        try:
            found = None if self._result is None else cloudpickle.loads(self._result)
        except Exception as error:  # an object can raise anything when it is unpickled
            why = f"its result cannot be read: {message(error, named=True)}"
            return [self._failed(run, why) for run in self.runs]
        if isinstance(found, TrainAloneError):
            raise found
        return [
            self._conclude(run, result)
            for run, result in zip(self.runs, found or [None] * len(self.runs), strict=True)
        ]

    def _conclude(self, run: Run, pickled: bytes | None) -> tuple[JobReturn, str | None]:
        if pickled is None and self._killed_because is not None:
            return stalled(run.job, self._killed_because), self._killed_because
        if pickled is None and self._ended_because is not None:
            self._note_interruption(run)
            return incomplete(run.job), None
        if pickled is None:
            return self._failed(run, death(self._process.exitcode))
        try:
            result = cloudpickle.loads(pickled)
        except Exception as error:  # as above
            return self._failed(run, f"its result cannot be read: {message(error, named=True)}")
        error = result._return_value
        if result.status == JobStatus.FAILED and isinstance(error, OSError | BakeoffError):
            return self._failed(run, message(error))
        return result, None

    def _receive(self) -> None:
        if self._receiver.closed:
            return
        try:
            if not self._receiver.poll():
                return
            self._result = self._receiver.recv_bytes()
        except (EOFError, OSError):  # the job ended without a result, or in the middle of it
            pass
        self._receiver.close()

    def _failed(self, run: Run, reason: str) -> tuple[JobReturn, str]:
        return failed(run.job, reason), reason

    def _note_interruption(self, run: Run) -> None:
        """A run that had begun is interrupted; of one that had not, nothing stays."""
        folder = run.run_dir
        if (folder / record.FILE_NAME).exists():
            # The job itself knows of the launcher's signal only.
            reason = f"stopped by {self._ended_because} before it was done"
            close_record(folder, "interrupted", reason, of=("running", "interrupted"))
        elif folder.is_dir() and all(map(_is_there_before, folder.iterdir())):
            shutil.rmtree(folder, ignore_errors=True)


def wait_for_any(running: Sequence[JobProcess], seconds: float) -> None:
    """Wait until a job has ended or sends its result, so many seconds at most."""
    receivers = [job._receiver for job in running if not job._receiver.closed]
    wait([*receivers, *(job._process.sentinel for job in running)], seconds)


def _is_there_before(path: Path) -> bool:
    """Whether a file is one of those that a job has before it begins: Hydra's notes, locks and logs."""
    return path.name.startswith(".") or path.suffix == ".log"
