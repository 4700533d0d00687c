"""The server that jobs are forked from, wherever temporary files go."""

import os
import subprocess
import sys

import pytest

from bakeoff.sweep.launch import start_method

# Which method was taken, the value of $TMPDIR as `tempfile` sees it, and that a process runs.
SCRIPT = """
import os, tempfile
from bakeoff.sweep.launch import start_method
start_method.PRELOAD.clear()
{change}
if __name__ == "__main__":
    context = start_method.start_method()
    process = context.Process(target=os._exit, args=(7,))
    process.start()
    process.join()
    print(context.get_start_method(), process.exitcode, tempfile.gettempdir())
"""


def answer(tmp_path, folder, change=""):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(change=change))
    return subprocess.run(
        [sys.executable, str(script)], env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture
def long(tmp_path):
    folder = tmp_path / ("x" * 150)
    folder.mkdir()
    return folder


def test_a_long_temporary_folder_is_too_long_for_a_socket_only(tmp_path, long):
    done = answer(tmp_path, long)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"forkserver 7 {long}\n"
    assert done.stderr == ""


def test_without_a_short_folder_each_job_starts_a_python_and_the_user_knows(tmp_path, long):
    done = answer(tmp_path, long, "start_method.SHORT_FOLDERS = ('/no/such/folder',)")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"spawn 7 {long}\n"
    assert "no fork server (AF_UNIX path too long)" in done.stderr
    assert "set TMPDIR to a writable folder with a short path" in done.stderr


def test_a_usual_temporary_folder_is_used(tmp_path):
    (tmp_path / "t").mkdir()
    done = answer(tmp_path, tmp_path / "t", "start_method.SHORT_FOLDERS = ()")
    assert done.stdout == f"forkserver 7 {tmp_path / 't'}\n", done.stderr


def test_what_the_check_has_imported_for_trainings_is_imported_once():
    imported = [
        *("bakeoff.nets.mlp", "bakeoff.report.page", "bakeoff.tasks.words.data", "my.nets"),
        *("sklearn.datasets", "sklearn.datasets._base", "sklearnex", "PIL"),
    ]
    assert start_method.needed(imported) == [
        *("PIL", "bakeoff.nets.mlp", "bakeoff.tasks.words.data", "sklearn.datasets"),
    ]
