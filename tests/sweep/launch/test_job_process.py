"""The process of a job, from its start to what the launcher makes of its end."""

import time

import cloudpickle
import pytest
from hydra.core.singleton import Singleton

from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.launch.job_process import JobProcess, Run, wait_for_any
from bakeoff.sweep.launch.launched import whole
from bakeoff.sweep.launch.start_method import start_method
from bakeoff.sweep.slots import Slot


@pytest.fixture
def started(jobs, tmp_path):
    """Starts a task as a job; its directory has a run record where `recorded`."""
    made = []

    def start(task, recorded=False):
        (config,), context = jobs(["1"])
        payload = cloudpickle.dumps(([config], task, context, Singleton.get_state()))
        run_dir = tmp_path / "job1"
        if recorded:
            RunRecord("1", "running", "t", "t", "c", [], 0, Metric("loss", "min")).write(run_dir)
        runs = [Run(0, whole(config))]
        job = JobProcess(start_method(), runs, payload, Slot(), {}, None)
        made.append(job)
        return job

    yield start
    for job in made:
        job._process.kill()


def ended(job):
    while not job.has_ended():
        wait_for_any([job], 0.2)
    return job.results()[0]


def sleeps(config):
    import time
    from pathlib import Path

    from hydra.core.hydra_config import HydraConfig

    Path(HydraConfig.get().runtime.output_dir, "begun.log").touch()
    time.sleep(60)


def begun(job):
    while not (job.runs[0].run_dir / "begun.log").exists():
        assert not job.has_ended(), job.results()
        time.sleep(0.05)


def test_the_result_is_that_of_the_task(started):
    result, reason = ended(started(lambda config: 7))
    assert (result.return_value, reason) == (7, None)


def test_a_job_that_had_not_begun_leaves_nothing(started):
    job = started(sleeps)
    begun(job)
    job.ask("limits.sweep_minutes=1")
    assert job.is_asked
    result, reason = ended(job)
    assert (result.status.name, reason) == ("FAILED", None)
    assert not job.runs[0].run_dir.exists()


@pytest.mark.parametrize("at_once", [False, True])
def test_the_record_of_a_job_that_was_asked_to_end_says_why(started, at_once):
    job = started(sleeps, recorded=True)
    begun(job)
    if at_once:
        job.end_at_once("SIGINT")
        job.leave()
    else:
        job.ask("SIGINT")
        ended(job)
    run = record.read(job.runs[0].run_dir)
    assert (run.status, run.error) == ("interrupted", "stopped by SIGINT before it was done")


def test_the_record_of_a_job_that_was_killed_says_why(started):
    job = started(sleeps, recorded=True)
    begun(job)
    job.kill("no progress for 30 minutes")
    assert ended(job)[1] == "no progress for 30 minutes"
    run = record.read(job.runs[0].run_dir)
    assert (run.status, run.error) == ("failed", "no progress for 30 minutes")


def test_results_of_a_job_that_was_asked_too_late_count(started):
    job = started(lambda config: 7)
    while not job.has_ended():
        wait_for_any([job], 0.2)
    job.ask("SIGINT")
    assert job.results()[0][0].return_value == 7
