"""Progress is drawn for a person at a terminal, and the items come through either way."""

import os
import pty
import subprocess
import sys

import pytest

from bakeoff.data.tracked import tracked

COUNT = "from bakeoff.data.tracked import tracked; print(*tracked(iter(range(3)), 'counting', 3))"


@pytest.mark.parametrize("count", [None, 3])
def test_items_come_through_in_their_order(count):
    assert list(tracked([2, 0, 1], "counting", count)) == [2, 0, 1]


def test_a_terminal_shows_what_is_done():
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm"},
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert b"counting" in shown
    assert b"100%" in shown
    assert done.stdout == b"0 1 2\n"


def test_a_log_file_shows_nothing():
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        capture_output=True,
        env=os.environ | {"FORCE_COLOR": "1"},
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"0 1 2\n", b"")
