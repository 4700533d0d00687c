"""Jobs that an engine runs elsewhere: here a stand-in, which loses some of them."""

import os
import signal

import cloudpickle
import pytest
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import open_dict

from bakeoff.errors import BakeoffError
from bakeoff.run.hooks.interruption import InterruptedRunError
from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.launch.elsewhere import Lost, run_elsewhere
from bakeoff.sweep.launch.launched import whole


class StandIn:
    """Ends the jobs that it was given, last first, with the next of the `fates` of each."""

    def __init__(self, fates, at_once=None):
        self.fates, self.at_once = fates, at_once
        self.started, self.running, self.most, self.cancelled = [], [], 0, []
        self.said = []

    def start(self, jobs):
        for number, config, payload in jobs:
            assert cloudpickle.loads(payload)[0] == config
            self.started.append(number)
            self.running.append(number)
        self.most = max(self.most, len(self.running))

    def ended(self, wait_s):
        number = self.running.pop()
        if not self.fates[number]:  # goes on for ever
            self.running.append(number)
            return []
        fate = self.fates[number].pop(0)
        if isinstance(fate, BaseException):
            self.running.append(number)
            raise fate
        return [(number, fate)]

    def news(self):
        said, self.said = self.said, []
        return said

    def cancel(self, numbers):
        self.cancelled = sorted(numbers)
        self.running = [number for number in self.running if number not in numbers]


def done(value):
    job = JobReturn(status=JobStatus.COMPLETED)
    job.return_value = value
    return cloudpickle.dumps(job)


def running(folder, status="running", value=None):
    RunRecord("r", status, "e", "t", "c", [], 0, Metric("m", "max", value)).write(folder)


def test_jobs_return_in_their_order_and_lost_ones_start_again(jobs, tmp_path):
    configs, context = jobs("abc")
    lost = Lost("machine lost")
    engine = StandIn({0: [lost, lost, done(0)], 1: [done(1)], 2: [lost, lost, lost]})
    running(tmp_path / "jobc")
    returns = run_elsewhere(list(map(whole, configs)), print, context, engine, retries=2)
    assert [job.status for job in returns] == [JobStatus.COMPLETED] * 2 + [JobStatus.FAILED]
    assert [job.return_value for job in returns[:2]] == [0, 1]
    assert sorted(engine.started) == [0, 0, 0, 1, 2, 2, 2]
    assert record.read(tmp_path / "jobc").error == "machine lost, 3 times"


def test_what_the_engine_says_and_what_starts_again_is_said(jobs, capfd):
    configs, context = jobs("ab")
    engine = StandIn({0: [done(0)], 1: [Lost("machine lost"), done(1)]})
    engine.said = ["they wait for a place"]
    run_elsewhere(list(map(whole, configs)), print, context, engine, retries=1)
    said = capfd.readouterr().err.splitlines()
    assert said[:2] == ["+x=b: machine lost: it starts again", "they wait for a place"]


def test_a_run_that_completed_is_not_trained_again_because_its_worker_was_lost(jobs, tmp_path):
    configs, context = jobs("a")
    running(tmp_path / "joba", "completed", 0.5)
    engine = StandIn({0: [Lost("machine lost")]})
    [returned] = run_elsewhere(list(map(whole, configs)), print, context, engine, retries=3)
    assert engine.started == [0]
    assert (returned.status, returned.return_value) == (JobStatus.COMPLETED, 0.5)
    assert record.read(tmp_path / "joba").status == "completed"


def test_an_interrupted_run_says_why_its_job_was_ended(jobs, tmp_path):
    configs, context = jobs("a")
    running(tmp_path / "joba", "interrupted")
    engine = StandIn({0: [Lost("it was cancelled", refusal=True)]})
    run_elsewhere(list(map(whole, configs)), print, context, engine, retries=3)
    run = record.read(tmp_path / "joba")
    assert (run.status, run.error) == ("interrupted", "it was cancelled")


def test_an_engine_that_refuses_jobs_leaves_none_behind(jobs, capfd):
    configs, context = jobs("ab")
    engine = StandIn({0: [], 1: []})

    def start(jobs, own=engine.start):
        own(jobs[:1])
        raise BakeoffError("no such partition")

    engine.start = start
    with pytest.raises(BakeoffError, match="no such partition"):
        run_elsewhere(list(map(whole, configs)), print, context, engine, retries=0)
    assert engine.running == []
    assert "an error of its launcher: 0 running runs" in capfd.readouterr().err


def test_a_refusal_is_not_tried_again(jobs, tmp_path):
    configs, context = jobs("a")
    running(tmp_path / "joba")
    engine = StandIn({0: [Lost("no such folder", refusal=True)]})
    run_elsewhere(list(map(whole, configs)), print, context, engine, retries=5)
    assert engine.started == [0]
    assert record.read(tmp_path / "joba").error == "no such folder"


def test_no_more_jobs_run_than_the_engine_takes_at_once(jobs):
    configs, context = jobs("abcde")
    engine = StandIn({n: [done(n)] for n in range(5)}, at_once=2)
    returns = run_elsewhere(list(map(whole, configs)), print, context, engine, retries=0)
    assert [job.return_value for job in returns] == list(range(5))
    assert engine.most == 2


def test_jobs_are_cancelled_and_their_records_say_so(jobs, tmp_path):
    configs, context = jobs("ab")
    for name in "ab":
        running(tmp_path / f"job{name}")
    engine = StandIn({0: [], 1: [KeyboardInterrupt()]})
    with pytest.raises(KeyboardInterrupt):
        run_elsewhere(list(map(whole, configs)), print, context, engine, retries=3)
    assert engine.cancelled == [0, 1]
    assert {record.read(tmp_path / f"job{n}").status for n in "ab"} == {"interrupted"}


@pytest.mark.parametrize(("retries", "at_once"), [(-1, None), (0, 0)])
def test_impossible_settings_are_named(jobs, retries, at_once):
    configs, context = jobs("a")
    with pytest.raises(BakeoffError, match=r"hydra.launcher.(retries|at_once) is"):
        run_elsewhere(list(map(whole, configs)), print, context, StandIn({}, at_once), retries)


def limited(jobs, xs, **limits):
    """Jobs with a section `limits`, and their context."""
    configs, context = jobs(xs)
    for config in configs:
        with open_dict(config):
            config.limits = limits
    return list(map(whole, configs)), context


def failure():
    job = JobReturn(status=JobStatus.FAILED)
    job.return_value = SystemExit(1)
    return cloudpickle.dumps(job)


def test_no_run_starts_after_so_many_failures(jobs, tmp_path, capfd):
    made, context = limited(jobs, "abcd", max_failures=1)
    running(tmp_path / "jobb")  # has begun
    engine = StandIn({0: [], 1: [done(1)], 2: [failure()], 3: []}, at_once=3)
    engine.ended = lambda wait_s, own=engine.ended: (engine.running.sort(), own(wait_s))[1]
    returns = run_elsewhere(made, print, context, engine, retries=0)
    assert [job.status.name for job in returns] == ["FAILED", "COMPLETED", "FAILED", "FAILED"]
    assert engine.cancelled == [0] and 3 not in engine.started
    assert "limits.max_failures=1: 2 runs do not start" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"fail_fast": True}, "limits.fail_fast=true"),
        ({"sweep_minutes": 1 / 60}, "limits.sweep_minutes=0.0166667"),
    ],
)
def test_a_sweep_ends_by_its_limits_and_the_records_say_so(jobs, tmp_path, capfd, limits, reason):
    made, context = limited(jobs, "abc", **limits)
    running(tmp_path / "joba")
    running(tmp_path / "jobc", "completed")  # while the others were asked to end
    fates = {0: [], 1: [failure()] if "fail_fast" in limits else [], 2: []}
    engine = StandIn(fates, at_once=2)
    returns = run_elsewhere(made, print, context, engine, retries=0)
    assert [job.status.name for job in returns] == ["FAILED"] * 3
    assert 2 not in engine.started
    run = record.read(tmp_path / "joba")
    assert (run.status, run.error) == ("interrupted", f"stopped by {reason} before it was done")
    assert record.read(tmp_path / "jobc").status == "completed"
    assert f"{reason}: 1 running runs save what they have and end" in capfd.readouterr().err


def test_a_signal_ends_the_jobs_and_then_the_command(jobs, tmp_path):
    made, context = limited(jobs, "a")
    running(tmp_path / "joba")
    engine = StandIn({0: []})
    engine.ended = lambda wait_s: os.kill(os.getpid(), signal.SIGTERM) or []
    with pytest.raises(InterruptedRunError) as caught:
        run_elsewhere(made, print, context, engine, retries=0)
    assert caught.value.number == signal.SIGTERM and engine.cancelled == [0]
    run = record.read(tmp_path / "joba")
    assert (run.status, run.error) == ("interrupted", "stopped by SIGTERM before it was done")
