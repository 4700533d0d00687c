"""A job in a worker of an engine."""

import os
import sys
from pathlib import Path

import cloudpickle
import pytest
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.limits import Limits
from bakeoff.sweep.launch import worker as module
from bakeoff.sweep.launch.worker import work


def test_a_worker_runs_a_job_as_one_machine_does(jobs, tmp_path, monkeypatch):
    [config], context = jobs("a")
    called = []

    def run_jobs(jobs, task, context, n_jobs, limits):
        assert limits == Limits()
        called.append((task(jobs[0].compose()), n_jobs, Path.cwd(), os.environ["BAKEOFF_ALLOW"]))
        return [JobReturn(status=JobStatus.COMPLETED)]

    monkeypatch.setattr(module, "run_jobs", run_jobs)
    monkeypatch.setattr(module, "_forget_main", lambda: None)
    monkeypatch.setattr(module.Singleton, "set_state", lambda state: None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(os.getcwd())
    result = work(
        str(tmp_path),
        cloudpickle.dumps((config, lambda c: c.x, context, Singleton.get_state(), "mine")),
    )
    assert called == [("a", 1, tmp_path, "mine")]
    assert sys.path[0] == str(tmp_path)
    assert cloudpickle.loads(result).status == JobStatus.COMPLETED


def test_a_machine_without_the_shared_folders_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_forget_main", lambda: None)
    monkeypatch.setattr(module.Singleton, "set_state", lambda state: None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        BakeoffError, match=r"the machine .* has no folder .*nowhere: expected that"
    ):
        work(str(tmp_path / "nowhere"), b"")
    config = OmegaConf.create({"hydra": {"sweep": {"dir": "gone"}}})
    with pytest.raises(BakeoffError, match=f"has no folder {tmp_path / 'gone'}"):
        work(str(tmp_path), cloudpickle.dumps((config, None, None, Singleton.get_state(), "")))
