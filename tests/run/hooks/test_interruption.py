"""Signals become an exception of their own, and only where they are asked to."""

import os
import signal
import threading
import time

import pytest

from bakeoff.run.hooks.interruption import SAME_S, InterruptedRunError, interruptible


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


def test_while_it_is_deferred_the_first_signal_is_noted_and_the_second_ends():
    with interruptible() as asked:
        asked.deferred = True
        assert asked.reason is None
        asked.end()
        os.kill(os.getpid(), signal.SIGTERM)
        signal.sigtimedwait([], 1)
        assert asked.reason == "SIGTERM"
        with pytest.raises(InterruptedRunError, match="SIGINT") as raised:
            os.kill(os.getpid(), signal.SIGINT)
            signal.sigtimedwait([], 1)
        assert raised.value.number == signal.SIGINT


def test_sigterm_by_two_ways_is_one_request(monkeypatch):
    """Slurm sends it to every process of a job, and the launcher passes it on."""
    with interruptible() as asked:
        asked.deferred = True
        for _ in range(3):
            asked.take(signal.SIGTERM, None)
        assert asked.reason == "SIGTERM"
        monkeypatch.setattr("time.monotonic", lambda now=time.monotonic: now() + SAME_S)
        with pytest.raises(InterruptedRunError, match="SIGTERM"):
            asked.take(signal.SIGTERM, None)


def test_ctrl_c_twice_is_two_requests():
    with interruptible() as asked:
        asked.deferred = True
        asked.take(signal.SIGINT, None)
        with pytest.raises(InterruptedRunError, match="SIGINT"):
            asked.take(signal.SIGINT, None)


def test_a_run_that_finds_no_place_to_end_is_ended_after_a_while():
    with pytest.raises(InterruptedRunError, match="SIGTERM"), interruptible(0.01) as asked:
        asked.deferred = True
        os.kill(os.getpid(), signal.SIGTERM)
        signal.sigtimedwait([], 10)
        signal.sigtimedwait([], 10)


def test_a_run_that_has_been_ended_is_not_ended_again():
    with interruptible() as asked:
        with pytest.raises(InterruptedRunError):
            asked.take(signal.SIGINT, None)
        asked.take(signal.SIGINT, None)
        asked.take(signal.SIGTERM, None)


def test_a_limit_is_a_reason_to_end_once_its_time_is_over():
    with interruptible() as asked:
        asked.limit("limits.run_minutes", None)
        assert asked.reason is None
        asked.limit("limits.run_minutes", 1e6)
        assert asked.reason is None
        asked.limit("limits.run_minutes", 1e-9)
        assert asked.reason == "limits.run_minutes=1e-09"
        asked.ask("something later")
        assert asked.reason == "limits.run_minutes=1e-09"
        with pytest.raises(InterruptedRunError) as raised:
            asked.end()
        assert raised.value.number is None


def test_an_exit_after_a_signal_is_an_interruption():
    """Lightning raises a SystemExit of its own where SIGTERM came during validation."""
    with pytest.raises(InterruptedRunError, match="SIGTERM"), interruptible() as interruption:
        interruption.deferred = True
        os.kill(os.getpid(), signal.SIGTERM)
        raise SystemExit
    with pytest.raises(SystemExit), interruptible():
        raise SystemExit


def test_what_was_asked_first_is_the_reason():
    with interruptible() as asked:
        asked.ask("limits.fail_fast=true")
        asked.ask("limits.max_failures=1")
        assert (asked.reason, asked.number) == ("limits.fail_fast=true", None)
