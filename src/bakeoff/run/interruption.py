"""Signals that end a run, told apart from what its own code raises."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)


class InterruptedRunError(BaseException):
    """A signal asked the process to end. Not an Exception, so that a net's code does not catch it."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise InterruptedRunError, with the signal's name, where SIGINT or SIGTERM arrives in this context.

    A signal that the process ignores stays ignored. Outside the main thread, where Python takes no
    signals, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    taken = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in taken:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise InterruptedRunError(signal.Signals(number).name)
