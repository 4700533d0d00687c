"""Files are written whole or not at all, also by processes that die."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bakeoff.store import atomic

# Writes half of the new content, says so, and waits for its end.
WRITER = """
import signal, sys, time
from pathlib import Path
from bakeoff.store import atomic

def write(temporary):
    temporary.write_text("new, half of")
    print("half", flush=True)
    time.sleep(60)

signal.signal(signal.SIGINT, signal.default_int_handler)  # off where the tests run in background
atomic.write_with(Path(sys.argv[1]), write)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_writer_that_is_killed_midway_leaves_the_old_file(tmp_path, number):
    path = tmp_path / "record.json"
    path.write_text("old")
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as writer:
        assert writer.stdout.readline() == "half\n"
        assert path.read_text() == "old"
        writer.send_signal(number)
        assert writer.wait(timeout=60) != 0
    assert path.read_text() == "old"
    atomic.write_text(path, "new")  # what the dead process left behind is not in the way
    assert path.read_text() == "new"
    atomic.remove_unfinished(tmp_path)
    assert os.listdir(tmp_path) == ["record.json"]


def test_what_living_processes_and_other_machines_write_stays(tmp_path, monkeypatch):
    (tmp_path / "best").mkdir()
    names = []

    def write(temporary):
        atomic.remove_unfinished(tmp_path)
        assert temporary.exists()
        names.append(temporary.name)

    atomic.write_with(tmp_path / "best" / "weights.ckpt", write)
    mine = names[0]
    dead = mine.replace(f"-{os.getpid()}.", "-999999999.")
    other = dead.replace(f".{socket.gethostname().replace('.', '_')[:30]}-", ".elsewhere-")
    kept = [mine, other, ".hidden", "x.unfinished", ".a.unfinished"]
    for name in (dead, *kept):
        (tmp_path / "best" / name).touch()
    atomic.remove_unfinished(tmp_path)
    assert sorted(os.listdir(tmp_path / "best")) == sorted([*kept, "weights.ckpt"])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "record.json"
    path.write_text("old")

    def write(temporary: Path) -> None:
        temporary.write_text("half")
        raise error

    with pytest.raises(error):
        atomic.write_with(path, write)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_exception_leaves_no_file_where_there_was_none(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        atomic.write_json(tmp_path / "record.json", {"value": float("nan")})
    assert not list(tmp_path.iterdir())


def test_content_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "new" / "folder" / "file"
    for content in (b"first, and longer", b"second", b""):
        atomic.write_bytes(path, content)
        assert path.read_bytes() == content
        assert list(path.parent.iterdir()) == [path]


def test_text_is_utf8_and_lines_end_as_given(tmp_path):
    atomic.write_text(tmp_path / "text", "é → ü\n")
    assert (tmp_path / "text").read_bytes() == "é → ü\n".encode()


def test_json_is_read_back(tmp_path):
    value = {"id": "é", "metric": {"value": 0.1 + 0.2}, "list": [1, None, True]}
    atomic.write_json(tmp_path / "record.json", value)
    text = (tmp_path / "record.json").read_text(encoding="utf-8")
    assert json.loads(text) == value
    assert text.endswith("}\n")


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_permissions_are_those_of_any_new_file(tmp_path, mask):
    before = os.umask(mask)
    try:
        atomic.write_text(tmp_path / "file", "")
        assert os.umask(mask) == mask  # as it was found
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o666 & ~mask


def test_a_reader_sees_the_old_or_the_new_and_never_a_part(tmp_path):
    path, done = tmp_path / "file", threading.Event()
    contents = [letter * 200_000 for letter in "abc"]
    atomic.write_text(path, contents[0])

    def write() -> None:
        for i in range(30):
            atomic.write_text(path, contents[i % 3])
        done.set()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    seen = set()
    while not done.is_set():
        seen.add(path.read_text())
    for writer in writers:
        writer.join()
    assert seen <= set(contents)
    assert list(tmp_path.iterdir()) == [path]


def test_lines_are_appended_whole_by_several_writers(tmp_path):
    path = tmp_path / "ledger.jsonl"

    def append(name: str) -> None:
        for i in range(20):
            atomic.append_line(path, f"{name} {i} é")

    writers = [threading.Thread(target=append, args=(name,)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert sorted(lines) == sorted(f"{name} {i} é" for name in "ab" for i in range(20))
    assert [line for line in lines if line[0] == "a"] == [f"a {i} é" for i in range(20)]
