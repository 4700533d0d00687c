"""Commands in processes of their own, forked from one that has imported what they need.

That saves the seconds in which each would import torch and the rest.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.copied_server import copy_as_server

from bakeoff import cli

TIMEOUT_S = 300
IMPORTED = [
    "bakeoff.bake_off", "bakeoff.run.fit", "bakeoff.select.opening", "bakeoff.select.showcase",
    "bakeoff.sweep.launch.baselines", "bakeoff.sweep.preflight", "pytest",
]  # fmt: skip


def run(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    module: str = "bakeoff",
    first: Sequence[Callable[[], None]] = (),
) -> subprocess.CompletedProcess[str]:
    """`python -m module arguments` in this folder and environment, when it has ended. Its process calls
    `first` before.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    with tempfile.TemporaryDirectory() as place:
        streams = [Path(place) / name for name in ("out", "err")]
        process = context.Process(
            target=_be, args=(arguments, folder, dict(environment), module, streams, first)
        )
        process.start()
        process.join(TIMEOUT_S)
        is_over = process.exitcode is not None
        process.kill()
        process.join()
        out, err = (path.read_text(errors="replace") for path in streams)
    assert is_over, f"{arguments} hangs\n{out}{err}"
    return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


def _be(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    module: str,
    streams: Sequence[Path],
    first: Sequence[Callable[[], None]],
) -> None:
    """Be the command, its output and errors in these files."""
    for number, path in enumerate(streams, start=1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # of this environment
    for call in first:
        call()
    copy_as_server()  # nothing is computed yet: the command's jobs need no imports either
    sys.argv = [module, *arguments]
    if module == "bakeoff":
        cli.main(arguments)
        return
    sys.path.insert(0, str(folder))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'.*' found in sys.modules", RuntimeWarning)
        runpy.run_module(module, run_name="__main__", alter_sys=True)
