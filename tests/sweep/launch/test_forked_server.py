"""The server that jobs are forked from is a copy of a process that has imported, but not computed."""

import os
import subprocess
import sys
import time

import pytest

# The job says whether it has a module that it does not import, and whether it takes signals as usual.
SCRIPT = """
import os, signal, sys, threading
from multiprocessing import forkserver
from bakeoff.sweep.launch.forked_server import fork_server
from bakeoff.sweep.launch.start_method import PRELOAD, start_method

def say():
    usual = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    print("colorsys" in sys.modules, usual, os.getppid(), flush=True)

if __name__ == "__main__":
    PRELOAD.clear()
    signal.signal(signal.SIGTERM, lambda *_: print("taken", flush=True))
    {change}
    sys.stdout.write("once\\n")
    fork_server(["colorsys", "no.such.module"])
    print(forkserver._forkserver._forkserver_pid)
    process = start_method().Process(target=say)
    process.start()
    process.join()
    print(process.exitcode)
    {then}
"""


@pytest.fixture
def printed(tmp_path):
    """The lines that the script prints."""

    def of(change: str = "", then: str = "", status: int = 0) -> list[str]:
        script = tmp_path / "script.py"
        script.write_text(SCRIPT.replace("{change}", change).replace("{then}", then))
        done = subprocess.run(
            [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True
        )
        assert (done.stderr, done.returncode) == ("", status)
        return done.stdout.splitlines()

    return of


def test_jobs_have_what_the_process_has_imported_and_nothing_is_said_twice(printed):
    once, server, said, status = printed()
    assert (once, said, status) == ("once", f"True True {server}", "0")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("sys.modules['torch'] = sys", id="torch may have computed"),
        pytest.param("threading.Thread(target=signal.pause, daemon=True).start()", id="threads"),
        pytest.param("forkserver._forkserver._forkserver_authkey = b''", id="newer Python"),
    ],
)
def test_a_process_whose_copy_may_hang_is_not_copied(printed, change):
    _, server, said, status = printed(change)
    assert (server, said.split()[0], status) == ("None", "False", "0")


@pytest.mark.parametrize(("then", "status"), [("", 0), ("os.kill(os.getpid(), 9)", -9)])
def test_the_server_ends_with_the_process(printed, then, status):
    server = int(printed(then=f"sys.stdout.flush(); {then}", status=status)[1])
    until = time.monotonic() + 10
    while _lives(server) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _lives(server)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that has ended but for whom nobody waits, as in a container without an init.
    return subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True
    ).stdout[:1] not in ("", "Z")
