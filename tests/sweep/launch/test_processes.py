"""The launcher, as Hydra's own suite wants it, and what it adds: jobs that die alone."""

import os
import signal
import sys
import time

import pytest
from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from tests.sweep.running import run_all

from bakeoff.errors import BakeoffError
from bakeoff.sweep import slots
from bakeoff.sweep.launch import job_log
from bakeoff.sweep.launch.handover import PlannedRuns, numbered


def test_hydra_finds_the_launcher():
    found = Plugins.instance().discover(Launcher)
    assert "hydra_plugins.bakeoff_launcher.processes" in {launcher.__module__ for launcher in found}


def test_a_job_keeps_the_number_of_its_plan(jobs):
    """A worker on another machine is given one job of a sweep: it is the first of its own."""
    [config], context = jobs("a")
    task = PlannedRuns(lambda config, identity: f"{identity} of {config.x}", {3: "the fourth"})
    [returned] = run_all([numbered(config, 3)], task, context, 1)
    assert returned.return_value == "the fourth of a"


def ended(capfd, jobs, task, xs, **settings):
    """The job returns and what the launcher said on standard error."""
    configs, context = jobs(xs, **settings)
    returns = run_all(configs, task, context, 3)
    return returns, capfd.readouterr().err


def test_a_result_larger_than_a_pipe_holds_is_read_while_the_job_runs(capfd, jobs):
    def task(config):
        return bytes(config.x)

    returns, said = ended(capfd, jobs, task, ["1", "65536", "20000000"])
    assert [len(job.return_value) for job in returns] == [1, 65_536, 20_000_000]
    assert said == ""


def test_every_way_to_give_no_result_is_a_failed_job_that_is_told(capfd, jobs):
    def task(config):
        import signal
        import threading

        class Unreadable:
            def __reduce__(self):
                return (int, ("no number",))

        class PickyError(Exception):
            def __init__(self, a, b):
                super().__init__(a)

        match config.x:
            case "lock":
                return threading.Lock()
            case "unreadable":
                return Unreadable()
            case "exit":
                sys.exit(0)
            case "_exit":
                os._exit(0)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "realtime":
                os.kill(os.getpid(), signal.SIGRTMIN + 1)
            case "keyboard":
                raise KeyboardInterrupt
            case "picky":
                raise PickyError(1, 2)
            case "full":
                raise OSError(28, "No space left on device")
        return "good"

    xs = [
        "lock",
        "unreadable",
        "exit",
        "_exit",
        "kill",
        "realtime",
        "keyboard",
        "picky",
        "full",
        "ok",
    ]
    returns, said = ended(capfd, jobs, task, xs)
    assert [job.status.name for job in returns] == ["FAILED"] * 9 + ["COMPLETED"]
    assert returns[-1].return_value == "good"
    for job in returns[:-1]:
        with pytest.raises(SystemExit):
            _ = job.return_value
    expected = {
        "lock": "its result cannot be sent to the launcher: TypeError: cannot pickle",
        "unreadable": "its result cannot be read: ValueError: invalid literal",
        "exit": "its process ended with status 0 before the run was done",
        "_exit": "its process ended with status 0 before the run was done",
        "kill": "its process was killed by SIGKILL (out of memory?)",
        "realtime": f"its process was killed by signal {signal.SIGRTMIN + 1}",
        "keyboard": "its process ended with status 1 before the run was done",
        "picky": "its result cannot be read: TypeError: ",
        "full": "[Errno 28] No space left on device",
    }
    for x, reason in expected.items():
        (line,) = [line for line in said.splitlines() if f"+x={x}:" in line]
        assert f"+x={x}: failed: {reason}" in line
    assert "Traceback" not in said


def test_a_directory_that_cannot_be_made_fails_its_job_alone(capfd, jobs, tmp_path):
    (tmp_path / "job1").write_text("a file where the directory should be")
    returns, said = ended(capfd, jobs, lambda config: config.x, ["1", "2"])
    assert [job.status.name for job in returns] == ["FAILED", "COMPLETED"]
    assert "+x=1: failed: the job could not run: FileExistsError: " in said


def test_a_record_that_nobody_can_read_ends_no_sweep(capfd, jobs, tmp_path):
    def task(config):

        os._exit(3)

    (tmp_path / "job1").mkdir()
    (tmp_path / "job1" / "run.json").write_text("{")
    returns, said = ended(capfd, jobs, task, ["1"])
    assert returns[0].status.name == "FAILED"
    assert "+x=1: failed: its process ended with status 3" in said


def test_a_long_message_is_bounded_on_the_terminal(capfd, jobs):
    def task(config):
        raise OSError("x" * 3_000_000)

    _, said = ended(capfd, jobs, task, ["1"])
    assert "characters left out" in said and len(said) < 20_000


def test_a_job_that_prints_much_keeps_a_short_log(capfd, jobs, tmp_path):
    def task(config):
        for _ in range(300):
            print("x" * 100_000)
        print("the last line")

    returns, _ = ended(capfd, jobs, task, ["1"])
    assert returns[0].status.name == "COMPLETED"
    log = tmp_path / "job1" / "output.log"
    assert log.stat().st_size <= job_log.LONGEST
    assert log.read_text().endswith("the last line\n")


def test_without_a_number_of_jobs_the_usable_cores_count(capfd, jobs, monkeypatch):
    monkeypatch.setattr(slots, "usable_cores", lambda: 1)
    configs, context = jobs(["1", "2"])
    times = []

    def task(config):

        start = time.monotonic()
        time.sleep(0.2)
        return start, time.monotonic()

    times = [job.return_value for job in run_all(configs, task, context, None)]
    assert times[0][1] <= times[1][0]  # one after the other


@pytest.mark.parametrize("n_jobs", [0, -1])
def test_fewer_than_one_job_at_once_is_refused(jobs, n_jobs):
    configs, context = jobs(["1"])
    with pytest.raises(
        BakeoffError, match=f"hydra.launcher.n_jobs={n_jobs}: expected 1 or more, or null"
    ):
        run_all(configs, str, context, n_jobs)
