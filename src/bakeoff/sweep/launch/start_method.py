"""How the processes of jobs are started: forked from a server that has imported torch, where possible."""

import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

SHELTER = "bakeoff.sweep.launch.sheltered_server"
PRELOAD = ["bakeoff.run.fit", "bakeoff.sweep.launch.job", "bakeoff.train"]  # once, not by each job
# The check before a sweep has imported what its runs need: these of it are imported once, too.
OF_RUNS = tuple(
    f"bakeoff.{room}." for room in ("data", "images", "metrics", "nets", "run", "tasks", "text")
)
LIBRARIES = ("PIL", "sklearn", "tokenizers")
LONGEST_SOCKET = 103  # bytes of the path of a Unix socket, on every platform
BELOW_TEMP = "/pymp-12345678/listener-12345678"  # where multiprocessing puts the server's socket
SHORT_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")


def start_server(modules: Iterable[str]) -> BaseContext:
    """Multiprocessing by a fork server that runs from now on, and imports `modules` beside what all jobs
    need; one that runs already stays as it is. Raises OSError.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([SHELTER, *PRELOAD, *modules])
    with _short_temporary_folder():
        forkserver.ensure_running()
    return context


def start_method() -> BaseContext:
    """Multiprocessing by a fork server that runs already, else by `spawn`, which takes seconds per job."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        try:
            return start_server(needed(sys.modules))
        except OSError as error:
            print(
                f"bakeoff: no fork server ({error}): each run starts a Python of its own, which takes "
                "some seconds longer; set TMPDIR to a writable folder with a short path",
                file=sys.stderr,
            )
    return multiprocessing.get_context("spawn")


def take_sigterm() -> None:
    """Take SIGTERM from now on, in a process that the server started, which does not take it. A signal that
    came before is delivered now.
    """
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def needed(imported: Iterable[str]) -> list[str]:
    """Those of the modules that this process has imported which trainings need as well."""
    return sorted(
        name
        for name in imported
        if name.startswith(OF_RUNS) or (name.partition(".")[0] in LIBRARIES and "._" not in name)
    )


@contextmanager
def _short_temporary_folder() -> Iterator[None]:
    """Let `tempfile` use a folder with a short path where the path of $TMPDIR is too long for a socket."""
    usual = tempfile.gettempdir()
    if len(os.fsencode(usual + BELOW_TEMP)) > LONGEST_SOCKET:
        writable = (folder for folder in SHORT_FOLDERS if os.access(folder, os.W_OK | os.X_OK))
        tempfile.tempdir = next(writable, usual)
    try:
        yield
    finally:
        tempfile.tempdir = usual
