"""What asks a run or a sweep to end before it is done: a signal, or a limit."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)
SAME_S = 2  # in which a second SIGTERM says the same as the first
GRACE_S = 20  # for a run that was asked to end to come to a place where it can be left


class InterruptedRunError(BaseException):
    """A signal or a limit ends this run, or the command. Not an Exception, so that a net's code does not
    catch it.

    `number` is that of the signal, None for a limit.
    """

    def __init__(self, reason: str, number: int | None = None) -> None:
        super().__init__(reason)
        self.number = number


class Interruption:
    """Whether this process has been asked to end.

    While it is `deferred`, the first signal is only noted: the training looks at `reason` where it can
    save what it has. A second signal, or `grace_s` seconds, end it at once. Slurm, systemd and others send
    SIGTERM to every process of a job, and a launcher passes it on to its jobs: that one is not a second.
    """

    def __init__(self, grace_s: float) -> None:
        self.deferred = False
        self._grace_s = grace_s
        self._number: int | None = None
        self._same_until = float("-inf")
        self._raised = False
        self._asked: str | None = None
        self._limit: tuple[str, float] | None = None
        self._timer: threading.Timer | None = None

    def limit(self, name: str, minutes: float | None) -> None:
        """Ask to end when `minutes` have passed from now; None: never."""
        if minutes is not None:
            self._limit = (f"{name}={minutes:g}", time.monotonic() + 60 * minutes)

    def ask(self, reason: str) -> None:
        """Ask to end, for a reason that is no signal."""
        self._asked = self._asked or reason

    @property
    def number(self) -> int | None:
        """That of the signal which asks to end."""
        return self._number

    @property
    def reason(self) -> str | None:
        """What asks the run to end; None where nothing does."""
        if self._number is not None:
            return signal.Signals(self._number).name
        if self._limit is not None and time.monotonic() >= self._limit[1]:
            return self._limit[0]
        return self._asked

    def end(self) -> None:
        """Raise InterruptedRunError where something asks the run to end."""
        if (reason := self.reason) is not None:
            self._raised = True
            raise InterruptedRunError(reason, self._number)

    def take(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal. One that comes when the run is ending already changes nothing."""
        if self._raised or self._is_same(number):
            return
        first, self._number = self._number is None, number
        if not (self.deferred and first):
            self.end()
        self._timer = threading.Timer(self._grace_s, os.kill, (os.getpid(), number))
        self._timer.daemon = True
        self._timer.start()

    def _is_same(self, number: int) -> bool:
        """Whether a signal is the first SIGTERM, by another way."""
        now = time.monotonic()
        if number != signal.SIGTERM or not self.deferred:
            return False
        if self._number is None:
            self._same_until = now + min(SAME_S, self._grace_s)
            return False
        return self._number == number and now < self._same_until

    def close(self) -> None:
        """Stop waiting for a run that was asked to end."""
        if self._timer is not None:
            self._timer.cancel()


@contextmanager
def interruptible(grace_s: float = GRACE_S) -> Iterator[Interruption]:
    """Raise InterruptedRunError, with the signal's name, where SIGINT or SIGTERM arrives in this context.

    A signal that the process ignores stays ignored. Outside the main thread, where Python takes no
    signals, nothing changes.
    """
    interruption = Interruption(grace_s)
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    taken = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in taken:
        signal.signal(number, interruption.take)
    try:
        yield interruption
    except SystemExit:  # Lightning's answer to SIGTERM between the batches of a validation
        interruption.end()
        raise
    finally:
        interruption.close()
        for number in taken:
            signal.signal(number, before[number])
