"""The server that jobs are forked from, forked itself: what it has imported is not imported once more."""

import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing import connection, forkserver, resource_tracker
from pathlib import Path

from bakeoff.run.hooks.interruption import ENDING
from bakeoff.sweep.compose.launchers import GROUP
from bakeoff.sweep.launch.quick_imports import import_all
from bakeoff.sweep.launch.start_method import PRELOAD, short_temporary_folder
from bakeoff.sweep.plan import Plan

LAUNCHERS = ("processes", "fused")  # whose jobs come from the server
HEAVY = "torch"


def prepare(planned: Plan) -> None:
    """Import what the jobs of a plan need, and fork the server from which they will come, if they will."""
    if HEAVY in sys.modules:
        return
    own = {name.rpartition(".")[0] for name in planned.names if name.startswith("bakeoff.")}
    needed = [*PRELOAD, *sorted(own)]
    if planned.multirun and planned.jobs[0].composed.choices[GROUP] in LAUNCHERS:
        fork_server(needed)
    else:
        import_all(needed)


def fork_server(modules: Iterable[str]) -> None:
    """Import `modules`, and let a copy of this process be multiprocessing's fork server, which otherwise is
    a Python of its own that imports them once more.

    Does nothing in a process that has imported torch before, or has several threads: a copy of it may hang.
    Where this fails, multiprocessing starts its own when it is needed.
    """
    if not _can_be_copied():
        return
    import_all(modules)
    copy_as_server()


def copy_as_server() -> None:
    """Let a copy of this process, as it is, be multiprocessing's fork server; it must not have computed."""
    with suppress(OSError), short_temporary_folder():
        _fork()


def _can_be_copied() -> bool:
    server = forkserver._forkserver
    known = hasattr(server, "_forkserver_alive_fd") and not hasattr(server, "_forkserver_authkey")
    return (
        "forkserver" in multiprocessing.get_all_start_methods()
        and known  # as CPython 3.11 to 3.13 have it
        and server._forkserver_pid is None
        and HEAVY not in sys.modules
        and threading.active_count() == 1
    )


def _fork() -> None:
    """What `ForkServer.ensure_running` does, with a fork in the place of a new Python."""
    resource_tracker.ensure_running()
    with socket.socket(socket.AF_UNIX) as listener:
        address = connection.arbitrary_address("AF_UNIX")
        listener.bind(address)
        Path(address).chmod(0o600)
        listener.listen()
        alive_r, alive_w = os.pipe()  # its end says that nobody is left who could ask for a process
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # what is buffered now would be written by each process
        # One of the two handles what comes now.
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        process = os.fork()
        if not process:
            _serve(listener, alive_r, alive_w)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        os.close(alive_r)
    server = forkserver._forkserver
    server._forkserver_address = address
    server._forkserver_alive_fd = alive_w
    server._forkserver_pid = process


def _serve(listener: socket.socket, alive_r: int, alive_w: int) -> None:
    """Fork until nobody is left who asks. Never returns: what this process is in the middle of, the other
    one does.
    """
    try:
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        os.close(alive_w)
        forkserver.main(listener.detach(), alive_r, [])
    except SystemExit:
        os._exit(0)
    finally:
        os._exit(1)
