"""What a worker of submitit answers to the signal that its time will soon be up."""

import os
import signal

import pytest

from bakeoff.run.hooks.interruption import InterruptedRunError

pytest.importorskip("submitit", reason="needs submitit: pip install 'bakeoff[slurm]'")
from bakeoff.run.hooks.interruption import interruptible
from bakeoff.sweep.launch import submitit_work


@pytest.fixture(autouse=True)
def as_before():
    before = signal.getsignal(submitit_work.TIME_IS_UP)
    yield
    signal.signal(submitit_work.TIME_IS_UP, before)


def asked_by(number, monkeypatch):
    """A worker whose job gets the signal `number`, as `run_jobs` takes it."""

    def work(folder, payload):
        with interruptible() as asked:
            asked.deferred = True
            os.kill(os.getpid(), number)
            signal.sigtimedwait([], 1)
            asked.end()
        return payload

    monkeypatch.setattr(submitit_work, "work", work)
    return submitit_work.work_in_time


def test_a_job_whose_time_is_up_saves_and_says_so(monkeypatch):
    assert asked_by(submitit_work.TIME_IS_UP, monkeypatch)("folder", b"job") is None


def test_a_job_that_is_asked_to_end_otherwise_is_lost(monkeypatch):
    with pytest.raises(InterruptedRunError, match="SIGTERM"):
        asked_by(signal.SIGTERM, monkeypatch)("folder", b"job")


def test_a_job_that_is_done_gives_its_result(monkeypatch):
    monkeypatch.setattr(submitit_work, "work", lambda folder, payload: payload)
    assert submitit_work.work_in_time("folder", b"job") == b"job"
