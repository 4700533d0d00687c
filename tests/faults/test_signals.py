"""Signals to the command and to the process of a run."""

import signal

import pytest
from tests.faults.checks import check_truth, check_whole, intact
from tests.faults.place import Place

from bakeoff.store import record

pytestmark = pytest.mark.slow

# The command gets the signal when a run begins. The run would end before it is told so: it waits for that
# after its first batch.
COMMAND = "after:code:*/run.json"
CODE = """
import os, time
from bakeoff.run.hooks.midway import Midway

end_batch = Midway.on_train_batch_end

def wait(midway, *arguments):
    until = time.monotonic() + 60
    while not midway.is_asked_to_end and time.monotonic() < until:
        time.sleep(0.01)
    end_batch(midway, *arguments)

Midway.on_train_batch_end = wait
for _ in range(int(os.environ["BAKEOFF_FAULT_TIMES"])):
    os.kill(int(os.environ["BAKEOFF_DRIVER"]), int(os.environ["BAKEOFF_FAULT_SIGNAL"]))
    time.sleep(0.02)
"""
# What strikes, the signal, how often; the exit status, and what the record of the run says then.
STRIKES = [
    ("after:job:*/checkpoints/last.ckpt", "SIGTERM", 1, 3, ("interrupted", "SIGTERM")),
    (COMMAND, "SIGINT", 1, 130, ("interrupted", "SIGINT")),
    (COMMAND, "SIGTERM", 1, 143, ("interrupted", "SIGTERM")),
    (COMMAND, "SIGINT", 3, 130, ("interrupted", "SIGINT")),
]


def test_a_run_that_is_struck_again_and_again_ends_as_if_nothing_had_been(place: Place, reference):
    outside = place.elsewhere()
    # Before it has a checkpoint to go on from: the strikes need epochs that are left.
    killed = place.command("run", "small", fault="before:job:*/checkpoints/best.ckpt")
    assert killed.status == 3, killed.said
    [victim] = [run for run in record.read_all(place.sweep) if run.status != "completed"]
    assert victim.status == "failed" and "its process was killed by SIGKILL" in victim.error
    finished = intact(place.sweep)
    assert len(finished) == 6  # of three runs, a record and a checkpoint each
    failed = ["--failed"]
    for fault, name, times, status, (ended, said) in STRIKES:
        number = getattr(signal, name)
        struck = place.command(
            "resume", "small/latest", *failed, fault=fault,
            BAKEOFF_FAULT_SIGNAL=str(number.value), BAKEOFF_FAULT_TIMES=str(times),
            BAKEOFF_FAULT_CODE=CODE,
        )  # fmt: skip
        assert struck.status == status, struck.said
        assert "Traceback" not in struck.err
        run = record.read(place.sweep / victim.id)
        assert run.status == ended and said in run.error, (name, times, run.error)
        assert intact(place.sweep) == finished
        check_truth(place)
        failed = []
    unheard = {"fault": "after:job:*/run.json", "BAKEOFF_FAULT_SIGNAL": str(signal.SIGINT.value)}
    done = place.command("resume", "small/latest", **unheard)
    assert done.status == 0, done.said
    assert intact(place.sweep).items() >= finished.items()
    check_whole(place, reference)
    assert place.elsewhere() == outside
