"""Nets that end their process, raise what cannot be sent, say too much, eat the memory, or hang."""

import json

import pytest
from tests.faults.checks import intact, weights
from tests.faults.place import Place

from bakeoff.store import record
from bakeoff.sweep.launch import job_log

pytestmark = pytest.mark.slow

NET = '''
import os, resource, signal, sys, threading, time
import torch
from bakeoff.nets.mlp import MLP


class UnpicklableError(Exception):
    def __init__(self, text):
        super().__init__(text)
        self.lock = threading.Lock()


def limited_memory():
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**26, used + 2**26))
    torch.zeros(2**28)


def hang():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    time.sleep(600)


def fail(error):
    raise error


DEEDS = {
    "none": lambda: None,
    "os_exit": lambda: os._exit(0),
    "sys_exit": lambda: sys.exit(0),
    "keyboard": lambda: fail(KeyboardInterrupt()),
    "unpicklable": lambda: fail(UnpicklableError("not to be sent")),
    "long_text": lambda: fail(ValueError("x" * 50_000_000)),
    "prints": lambda: [sys.stdout.write("y" * 10_000_000) for _ in range(10)],
    "memory_error": lambda: fail(MemoryError()),
    "memory": limited_memory,
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT),
    "hangs": hang,
}


class Hostile(MLP):
    """An MLP that does what `how` says, once in each process, unless HEALED is set."""

    def __init__(self, how, when="training", **settings):
        super().__init__(**settings)
        self.how = how
        if when == "making":
            DEEDS[how]()

    def forward(self, x):
        if self.training and torch.is_grad_enabled() and "HEALED" not in os.environ:
            how, self.how = self.how, "none"
            DEEDS[how]()
        return super().forward(x)
'''
SETTINGS = ("seed=0", "optimizer.lr=1e-2", "model._target_=hostile.Hostile", "trainer.max_epochs=1")
ENDS = {  # in training: what its record says
    "none": None,
    "prints": None,
    "interrupt": None,  # Ctrl-C goes to every process of a terminal; the command tells the jobs
    "os_exit": "its process ended with status 0 before the run was done",
    "sys_exit": "the run's own code raised SystemExit: 0; no signal had come",
    "keyboard": "the run's own code raised KeyboardInterrupt; no signal had come",
    "unpicklable": "UnpicklableError: not to be sent",
    "long_text": "characters left out",
    "memory_error": "out of memory (MemoryError)",
    "memory": "out of memory (RuntimeError",
    "killed": "its process was killed by SIGKILL",
}


@pytest.fixture
def hostile(place: Place) -> Place:
    """A place with these nets."""
    (place.folder / "hostile.py").write_text(NET)
    return place


def test_hostile_nets_lose_their_own_runs_alone_and_train_once_they_are_mended(hostile: Place):
    outside = hostile.elsewhere()
    done = hostile.command("run", "small", *SETTINGS, f"+model.how={','.join(ENDS)}")
    assert done.status == 3, done.said
    assert "Traceback" not in done.err
    sweep = hostile.sweep
    runs = {run.candidate.partition("how=")[2]: run for run in record.read_all(sweep)}
    for how, said in ENDS.items():
        assert runs[how].status == ("completed" if said is None else "failed"), runs[how].error
        assert said is None or said in runs[how].error
    for path in sweep.glob("*/run.json"):
        assert path.stat().st_size < 100_000
    for path in sweep.glob("*/output.log"):
        assert path.stat().st_size <= job_log.LONGEST
    assert (sweep / "report.html").stat().st_size < 3_000_000
    board = json.loads((sweep / "leaderboard.json").read_text())
    assert board["selected"].partition("how=")[2] in ("none", "prints", "interrupt")
    counts = {row["name"].partition("how=")[2]: row["status_counts"] for row in board["candidates"]}
    assert counts == {
        how: {"completed": 1} if said is None else {"failed": 1} for how, said in ENDS.items()
    }
    finished = intact(sweep)
    mended = hostile.command("resume", "small/latest", "--failed", HEALED="1")
    assert mended.status == 0, mended.said
    assert intact(sweep).items() >= finished.items()
    expected = weights(sweep / runs["none"].id)
    for how, run in runs.items():
        assert record.read(sweep / run.id).status == "completed"
        assert weights(sweep / run.id) == expected, how
    assert hostile.elsewhere() == outside


def test_a_net_that_ends_the_process_that_tries_it_is_a_mistake(hostile: Place):
    outside = hostile.elsewhere()
    hows = ["os_exit", "sys_exit", "keyboard", "unpicklable", "memory_error", "long_text"]
    refused = hostile.command(
        "run", "small", *SETTINGS, f"+model.how={','.join(hows)}", "+model.when=making"
    )
    assert refused.status == 1
    for said in ("os._exit(0)", "SystemExit: 0", "KeyboardInterrupt", "not to be sent",
                 "MemoryError", "settings: xxx"):  # fmt: skip
        assert said in refused.err
    assert "Traceback" not in refused.err and len(refused.err) < 100_000
    assert hostile.sweeps == [] and hostile.elsewhere() == outside


def test_a_net_that_hangs_and_hears_no_signal_is_killed(hostile: Place):
    done = hostile.command(
        "run", "small", *SETTINGS, "+model.how=hangs", "limits.stall_minutes=0.2"
    )
    # A busy machine may need so long until the run has begun; it has no record then.
    assert done.status in (1, 3), done.said
    assert "no progress for 0.2 minutes (limits.stall_minutes): killed" in done.err
    assert "Traceback" not in done.err
    assert not intact(hostile.sweep)
