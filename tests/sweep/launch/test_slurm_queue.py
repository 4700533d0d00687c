"""The states of jobs, as a stand-in of `squeue` tells them."""

import pytest

from bakeoff.sweep.launch import slurm_queue
from bakeoff.sweep.launch.slurm_queue import SlurmQueue


@pytest.fixture
def tell(tmp_path, monkeypatch):
    """Sets what the stand-ins answer; `cancelled.txt` holds what `scancel` was asked for."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(slurm_queue, "LOOK_S", 0)
    monkeypatch.setattr(slurm_queue, "RESULT_S", 0)
    answer = tmp_path / "answer.txt"

    def write(name, script):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    def told(text, script=f"cat {answer}"):
        answer.write_text(text)
        write("squeue", script)
        write("scancel", f'echo "$@" >> {tmp_path}/cancelled.txt; : > {answer}')

    return told


def queue(*ids):
    made = SlurmQueue()
    made.add(ids)
    return made


def test_states_and_why_jobs_wait(tell):
    tell(
        "7_0|RUNNING|None\n7_1|PENDING|Resources\n7_2|PENDING|Resources\n7_3|PENDING|None\n9|RUNNING|None\n"
    )
    slurm = queue("7_0", "7_1", "7_2", "7_3")
    assert not any(map(slurm.has_ended, ("7_0", "7_1", "7_2", "7_3")))
    assert slurm.state("7_0") == "RUNNING" and slurm.reasons() == {"Resources": 2}
    slurm.forget("7_1")
    assert slurm.reasons() == {"Resources": 1}


@pytest.mark.parametrize("state", ["COMPLETED", "CANCELLED", "NODE_FAIL", "TIMEOUT"])
def test_a_job_has_ended_by_its_state_and_the_state_is_kept(tell, state):
    tell(f"7|{state}|None\n")
    slurm = queue("7")
    assert slurm.has_ended("7") and slurm.state("7") == state
    tell("")  # the queue forgets
    assert slurm.has_ended("7") and slurm.state("7") == state


@pytest.mark.parametrize("state", ["COMPLETING", "CONFIGURING", "SUSPENDED", "REQUEUED"])
def test_a_job_in_between_has_not_ended(tell, state):
    tell(f"7|{state}|None\n")
    assert not queue("7").has_ended("7")


def test_a_job_that_the_queue_does_not_list_is_gone(tell):
    tell("8|RUNNING|None\n")
    slurm = queue("7")
    assert slurm.has_ended("7") and slurm.state("7") == slurm_queue.GONE


def test_what_a_job_has_written_last_gets_time_to_be_seen(tell, monkeypatch):
    monkeypatch.setattr(slurm_queue, "RESULT_S", 1e6)
    tell("7|COMPLETED|None\n8|CANCELLED|None\n")
    slurm = queue("7", "8")
    assert not slurm.has_ended("7") and slurm.has_ended("8")


def test_a_queue_that_does_not_answer_ends_no_job(tell):
    tell("", "echo slurm_load_jobs error: Unable to contact slurm controller >&2; exit 1")
    slurm = queue("7")
    assert not slurm.has_ended("7")
    assert slurm.trouble == "slurm_load_jobs error: Unable to contact slurm controller"
    tell("7|COMPLETED|None\n")
    assert slurm.has_ended("7") and slurm.trouble is None


def test_jobs_are_cancelled_by_one_command_and_waited_for(tell, tmp_path):
    tell("7_0|RUNNING|None\n7_1|PENDING|None\n8|COMPLETED|None\n")
    slurm = SlurmQueue()
    assert slurm.left(["7_0", "7_1", "8", "9"]) == ["7_0", "7_1"]
    slurm.cancel(["7_0", "7_1"], 60)
    slurm.cancel([], 60)
    assert (tmp_path / "cancelled.txt").read_text() == "7_0 7_1\n"
