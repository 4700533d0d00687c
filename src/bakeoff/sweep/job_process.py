"""The process of one job, as the launcher sees it: started, heard, ended."""

import shutil
import signal
from collections.abc import Sequence
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import cloudpickle
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.run.error_text import message
from bakeoff.store import record
from bakeoff.sweep import job_log
from bakeoff.sweep.job import work
from bakeoff.sweep.launched import close_record, failed, incomplete
from bakeoff.sweep.slots import Slot
from bakeoff.sweep.stall import Stall

LEAVE_S = 3  # for a job that is ended at once to write its record


class JobProcess:
    """A running job: number `number` of the sweep, with a pickled (config, task, context, state)."""

    def __init__(
        self,
        processes: BaseContext,
        number: int,
        config: DictConfig,
        run_dir: Path,
        payload: bytes,
        slot: Slot,
        environment: dict[str, str],
        stall_minutes: float | None,
    ) -> None:
        self.number, self.config, self.run_dir, self.slot = number, config, run_dir, slot
        self.stall = Stall(run_dir, stall_minutes)
        self._result: bytes | None = None
        self._ended_because: str | None = None
        self._killed_because: str | None = None
        self._receiver, sender = processes.Pipe(duplex=False)
        self._process: BaseProcess = processes.Process(
            target=work, args=(run_dir, payload, sender, environment)
        )
        self._process.start()
        sender.close()

    def has_ended(self) -> bool:
        """Whether the process is gone. Reads the result: a job with a large one cannot end before."""
        ended = not self._process.is_alive()
        self._receive()
        job_log.cut_middle(self.run_dir)
        return ended

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
        self._process.join(LEAVE_S)
        self._process.kill()
        self._process.join()
        self._note_interruption()

    def result(self) -> tuple[JobReturn, str | None]:
        """What became of a job that has ended, and why where it failed by itself or died."""
        self._process.join()
        self._receiver.close()
        try:
            if self._result is None and self._killed_because is not None:
                return self._failed(self._killed_because)
            if self._result is None and self._ended_because is not None:
                self._note_interruption()
                return incomplete(self.config), None
            if self._result is None:
                return self._failed(_death(self._process.exitcode))
            result = cloudpickle.loads(self._result)
        except Exception as error:  # an object can raise anything when it is unpickled
            return self._failed(f"its result cannot be read: {message(error, named=True)}")
        error = result._return_value
        if result.status == JobStatus.FAILED and isinstance(error, OSError | BakeoffError):
            return self._failed(message(error))
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

    def _failed(self, reason: str) -> tuple[JobReturn, str]:
        return failed(self.config, self.run_dir, reason), reason

    def _note_interruption(self) -> None:
        """A job that had begun is interrupted; of one that had not, nothing stays."""
        if (self.run_dir / record.FILE_NAME).exists():
            # The job itself knows of the launcher's signal only.
            reason = f"stopped by {self._ended_because} before it was done"
            close_record(self.run_dir, "interrupted", reason, of=("running", "interrupted"))
        elif self.run_dir.is_dir() and all(map(_is_there_before, self.run_dir.iterdir())):
            shutil.rmtree(self.run_dir, ignore_errors=True)


def wait_for_any(running: Sequence[JobProcess], seconds: float) -> None:
    """Wait until a job has ended or sends its result, so many seconds at most."""
    receivers = [job._receiver for job in running if not job._receiver.closed]
    wait([*receivers, *(job._process.sentinel for job in running)], seconds)


def _is_there_before(path: Path) -> bool:
    """Whether a file is one of those that a job has before it begins: Hydra's notes, locks and logs."""
    return path.name.startswith(".") or path.suffix == ".log"


def _death(exit_code: int) -> str:
    if exit_code >= 0:
        return (
            f"its process ended with status {exit_code} before the run was done: see {job_log.NAME} "
            "in its directory"
        )
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:  # a real-time signal
        name = f"signal {-exit_code}"
    hint = " (out of memory?)" if name == "SIGKILL" else ""
    return f"its process was killed by {name}{hint}"
