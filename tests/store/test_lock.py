"""One process at a time, and who it is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store.lock import HOLDER, held

HOLDING = """
import sys, time
from pathlib import Path
from bakeoff.store.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock of `tmp_path`."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_told_who_holds_it(holder, tmp_path):
    with (
        pytest.raises(BakeoffError, match=f"in use by process {holder.pid} on .*, since 20"),
        held(tmp_path),
    ):
        raise AssertionError


def test_the_lock_of_a_killed_process_is_taken_over(holder, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with held(tmp_path):
        assert f'"process": {os.getpid()}' in (tmp_path / HOLDER).read_text()


def test_the_process_that_has_it_may_take_it_again(tmp_path):
    with held(tmp_path):
        with held(tmp_path):
            pass
        assert (tmp_path / HOLDER).is_file()
    assert not (tmp_path / HOLDER).exists()


def test_a_folder_that_has_become_read_only_is_left_with_what_went_wrong(tmp_path, monkeypatch):
    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    def work() -> None:
        with held(tmp_path):
            monkeypatch.setattr(Path, "unlink", refuse)
            raise BakeoffError("cannot write run.json")

    with pytest.raises(BakeoffError, match=r"cannot write run\.json"):
        work()
    monkeypatch.undo()
    with held(tmp_path):  # it is free
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BakeoffError, match=r"cannot lock .*file"), held(tmp_path / "file"):
        raise AssertionError
