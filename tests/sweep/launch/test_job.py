"""What a job sends to its launcher."""

import multiprocessing

import cloudpickle
import pytest
from hydra.core.singleton import Singleton
from hydra.core.utils import JobStatus

from bakeoff.errors import BakeoffError
from bakeoff.sweep.launch.job import work
from bakeoff.sweep.launch.job_log import NAME


@pytest.fixture
def sent(jobs, tmp_path):
    """Runs a task in a process of its own; gives what it sent and the process's exit status."""

    def run(task, run_dir=tmp_path / "job1", **environment):
        (config,), context = jobs(["1"])
        payload = cloudpickle.dumps(([config], task, context, Singleton.get_state()))
        receiver, sender = multiprocessing.get_context("spawn").Pipe(duplex=False)
        process = multiprocessing.get_context("spawn").Process(
            target=work, args=([run_dir], payload, sender, environment)
        )
        process.start()
        sender.close()
        try:
            (pickled,) = cloudpickle.loads(receiver.recv_bytes())
            result = cloudpickle.loads(pickled)
        except EOFError:
            result = None
        process.join()
        return result, process.exitcode

    return run


def test_the_value_of_the_task(sent, tmp_path):
    def task(config):
        print("x is", config.x)
        return config.x + 1

    result, status = sent(task)
    assert (result.status, result.return_value, status) == (JobStatus.COMPLETED, 2, 0)
    assert (tmp_path / "job1" / NAME).read_text() == "x is 1\n"


def test_what_cannot_be_pickled_fails_and_says_so(sent):
    def task(config):
        import threading

        return threading.Lock()

    result, _ = sent(task)
    assert result.status == JobStatus.FAILED
    with pytest.raises(
        BakeoffError, match="its result cannot be sent to the launcher: TypeError: "
    ):
        _ = result.return_value


def test_a_directory_that_cannot_be_made_is_named(sent, tmp_path):
    (tmp_path / "file").write_text("")
    result, _ = sent(lambda config: 1, tmp_path / "file" / "job")
    with pytest.raises(BakeoffError, match=r"could not run: NotADirectoryError: .*file/job"):
        _ = result.return_value


def test_a_process_that_exits_sends_nothing(sent):
    def task(config):
        raise SystemExit(5)

    assert sent(task) == (None, 5)


def test_it_sees_its_own_gpus_only(sent):
    def task(config):
        import os

        return os.environ["CUDA_VISIBLE_DEVICES"]

    result, _ = sent(task, CUDA_VISIBLE_DEVICES="3")
    assert result.return_value == "3"


def test_ctrl_c_is_left_to_the_launcher(sent):
    def task(config):
        import os
        import signal

        os.kill(os.getpid(), signal.SIGINT)
        return "goes on"

    result, _ = sent(task)
    assert result.return_value == "goes on"
