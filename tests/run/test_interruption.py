"""Signals become an exception of their own, and only where they are asked to."""

import os
import signal
import threading

import pytest

from bakeoff.run.interruption import InterruptedRunError, interruptible


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_told_by_its_name(number):
    before = signal.getsignal(number)
    with pytest.raises(InterruptedRunError, match=number.name), interruptible():
        os.kill(os.getpid(), number)
        signal.sigtimedwait([], 1)  # a handler runs between two steps of Python
    assert signal.getsignal(number) is before


def test_no_code_of_a_run_catches_it_by_accident():
    assert not issubclass(InterruptedRunError, Exception | KeyboardInterrupt | SystemExit)


def test_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible():
            os.kill(os.getpid(), signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_outside_the_main_thread_nothing_changes():
    before = signal.getsignal(signal.SIGTERM)
    seen = []

    def look():
        with interruptible():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [before]
