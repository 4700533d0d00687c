"""How the process of a run ends, and what is said of it."""

import multiprocessing
import signal
import time

import pytest

from bakeoff.sweep.launch.process_end import death, wait_or_kill


def deaf():
    """Hears no signal to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


@pytest.mark.parametrize(
    ("work", "code"), [(deaf, -signal.SIGKILL), (time.thread_time, 0)], ids=["deaf", "quick"]
)
def test_a_process_has_its_time_to_end_and_is_gone_then(work, code):
    process = multiprocessing.get_context("forkserver").Process(target=work)
    process.start()
    wait_or_kill(process, 0.2 if code else 60)
    assert process.exitcode == code


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            0,
            "its process ended with status 0 before the run was done: see output.log in its directory",
        ),
        (
            3,
            "its process ended with status 3 before the run was done: see output.log in its directory",
        ),
        (-signal.SIGKILL, "its process was killed by SIGKILL (out of memory?)"),
        (-signal.SIGSEGV, "its process was killed by SIGSEGV"),
        (-(signal.SIGRTMIN + 1), f"its process was killed by signal {signal.SIGRTMIN + 1}"),
    ],
)
def test_an_exit_code_is_put_into_words(code, said):
    assert death(code) == said
