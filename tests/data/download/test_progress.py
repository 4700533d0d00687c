"""Progress belongs to a person who waits."""

import os
import pty
import re
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.data.download.remote import (
    has_part,
    start_fetch,
    wait_until,
)


@pytest.mark.parametrize("bar_after_s", [0.1, 60])
def test_only_a_long_download_shows_its_progress_on_a_terminal(serve, root, bar_after_s):
    ours, theirs = pty.openpty()
    watch(serve, root, bar_after_s, stderr=theirs, env=os.environ | {"TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how Linux says that the other side is closed
        while chunk := os.read(ours, 65536):
            shown += chunk
    os.close(ours)
    if bar_after_s == 60:
        assert shown == b""
    else:
        assert re.search(rb"set/images\.gz .*3\.0/3\.0 MB.* MB/s", shown)


def test_a_log_file_shows_none(serve, root, tmp_path):
    with (tmp_path / "log").open("wb") as log:
        watch(serve, root, 0.1, stdout=log, stderr=log, env=os.environ | {"FORCE_COLOR": "1"})
    assert (tmp_path / "log").read_bytes() == b""


def watch(serve, root: Path, bar_after_s: float, **kwargs) -> None:
    """Let a process download for at least 0.2 s."""
    server = serve(cut=1_000_000, release=threading.Event())
    process = start_fetch(server.url, root, bar_after_s, **kwargs)
    wait_until(lambda: has_part(root, 1_000_000))
    time.sleep(0.2)
    server.release.set()
    assert process.wait(60) == 0
