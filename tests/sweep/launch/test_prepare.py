"""What trainings need is imported by the command, and by the server of its jobs."""

import subprocess
import sys

import pytest

SCRIPT = """
import gc, os, sys
from multiprocessing import forkserver
from types import SimpleNamespace as Of
from bakeoff.sweep.compose.launchers import GROUP
from bakeoff.sweep.launch.prepare import prepare
from bakeoff.sweep.launch.start_method import start_method

def say():
    server = os.getppid() == int(sys.argv[2])
    print("job", server, "torch" in sys.modules, "bakeoff.nets.mlp" in sys.modules, flush=True)

if __name__ == "__main__":
    job = Of(composed=Of(choices={GROUP: sys.argv[1]}))
    names = {"bakeoff.nets.mlp.MLP": "model", "bakeoff.no.such.Net": "model", "my.Net": "model"}
    prepare(Of(multirun=True, jobs=[job], names=names))
    server = forkserver._forkserver._forkserver_pid
    imported = "torch" in sys.modules and "bakeoff.nets.mlp" in sys.modules
    print("command", imported, "my" in sys.modules, gc.isenabled(), gc.get_freeze_count() > 100_000)
    print("server", server is not None, flush=True)
    if server:
        sys.argv[2:] = [str(server)]
        process = start_method().Process(target=say)
        process.start()
        process.join()
"""


def printed(tmp_path, launcher):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, script, launcher]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.splitlines()


@pytest.mark.parametrize("launcher", ["processes", "fused"])
def test_the_command_and_the_server_of_its_jobs_import_what_trainings_need(tmp_path, launcher):
    assert printed(tmp_path, launcher) == [
        *("command True False True True", "server True", "job True True True"),
    ]


def test_no_server_starts_for_jobs_that_come_from_elsewhere(tmp_path):
    assert printed(tmp_path, "basic") == ["command True False True True", "server False"]
