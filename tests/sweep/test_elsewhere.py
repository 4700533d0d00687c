"""Jobs that an engine runs elsewhere: here a stand-in, which loses some of them."""

import os
import sys
from pathlib import Path

import cloudpickle
import pytest
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep import elsewhere
from bakeoff.sweep.elsewhere import Lost, run_elsewhere, work
from bakeoff.sweep.limits import Limits


class StandIn:
    """Ends the jobs that it was given, last first, with the next of the `fates` of each."""

    def __init__(self, fates, at_once=None):
        self.fates, self.at_once = fates, at_once
        self.started, self.running, self.most, self.cancelled = [], [], 0, False

    def start(self, jobs):
        for number, config, payload in jobs:
            assert cloudpickle.loads(payload)[0] == config
            self.started.append(number)
            self.running.append(number)
        self.most = max(self.most, len(self.running))

    def ended(self, wait_s):
        number = self.running.pop()
        fate = self.fates[number].pop(0)
        if isinstance(fate, BaseException):
            self.running.append(number)
            raise fate
        return [(number, fate)]

    def cancel(self):
        self.cancelled = True


def done(value):
    job = JobReturn(status=JobStatus.COMPLETED)
    job.return_value = value
    return cloudpickle.dumps(job)


def running(folder):
    RunRecord("r", "running", "e", "t", "c", [], 0, Metric("m", "max")).write(folder)


def test_jobs_return_in_their_order_and_lost_ones_start_again(jobs, tmp_path):
    configs, context = jobs("abc")
    lost = Lost("machine lost")
    engine = StandIn({0: [lost, lost, done(0)], 1: [done(1)], 2: [lost, lost, lost]})
    running(tmp_path / "jobc")
    returns = run_elsewhere(configs, print, context, engine, retries=2)
    assert [job.status for job in returns] == [JobStatus.COMPLETED] * 2 + [JobStatus.FAILED]
    assert [job.return_value for job in returns[:2]] == [0, 1]
    assert sorted(engine.started) == [0, 0, 0, 1, 2, 2, 2]
    assert record.read(tmp_path / "jobc").error == "machine lost, 3 times"


def test_a_refusal_is_not_tried_again(jobs, tmp_path):
    configs, context = jobs("a")
    running(tmp_path / "joba")
    engine = StandIn({0: [Lost("no such folder", refusal=True)]})
    run_elsewhere(configs, print, context, engine, retries=5)
    assert engine.started == [0]
    assert record.read(tmp_path / "joba").error == "no such folder"


def test_no_more_jobs_run_than_the_engine_takes_at_once(jobs):
    configs, context = jobs("abcde")
    engine = StandIn({n: [done(n)] for n in range(5)}, at_once=2)
    returns = run_elsewhere(configs, print, context, engine, retries=0)
    assert [job.return_value for job in returns] == list(range(5))
    assert engine.most == 2


def test_jobs_are_cancelled_and_their_records_say_so(jobs, tmp_path):
    configs, context = jobs("ab")
    for name in "ab":
        running(tmp_path / f"job{name}")
    engine = StandIn({0: [], 1: [KeyboardInterrupt()]})
    with pytest.raises(KeyboardInterrupt):
        run_elsewhere(configs, print, context, engine, retries=3)
    assert engine.cancelled
    assert {record.read(tmp_path / f"job{n}").status for n in "ab"} == {"interrupted"}


@pytest.mark.parametrize(("retries", "at_once"), [(-1, None), (0, 0)])
def test_impossible_settings_are_named(jobs, retries, at_once):
    configs, context = jobs("a")
    with pytest.raises(BakeoffError, match=r"hydra.launcher.(retries|at_once) is"):
        run_elsewhere(configs, print, context, StandIn({}, at_once), retries)


def test_a_worker_runs_a_job_as_one_machine_does(jobs, tmp_path, monkeypatch):
    [config], context = jobs("a")
    called = []

    def run_jobs(configs, task, context, n_jobs, limits):
        assert limits == Limits()
        called.append((task(configs[0]), n_jobs, Path.cwd()))
        return [JobReturn(status=JobStatus.COMPLETED)]

    monkeypatch.setattr(elsewhere, "run_jobs", run_jobs)
    monkeypatch.setattr(elsewhere, "_forget_main", lambda: None)
    monkeypatch.setattr(elsewhere.Singleton, "set_state", lambda state: None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(os.getcwd())
    result = work(
        str(tmp_path),
        cloudpickle.dumps((config, lambda c: c.x, context, Singleton.get_state(), "")),
    )
    assert called == [("a", 1, tmp_path)]
    assert sys.path[0] == str(tmp_path)
    assert cloudpickle.loads(result).status == JobStatus.COMPLETED


def test_a_machine_without_the_shared_folders_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(elsewhere, "_forget_main", lambda: None)
    monkeypatch.setattr(elsewhere.Singleton, "set_state", lambda state: None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        BakeoffError, match=r"the machine .* has no folder .*nowhere: expected that"
    ):
        work(str(tmp_path / "nowhere"), b"")
    config = OmegaConf.create({"hydra": {"sweep": {"dir": "gone"}}})
    with pytest.raises(BakeoffError, match=f"has no folder {tmp_path / 'gone'}"):
        work(str(tmp_path), cloudpickle.dumps((config, None, None, Singleton.get_state(), "")))
