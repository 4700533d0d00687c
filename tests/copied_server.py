"""The server that jobs are forked from, as a copy of a process that has imported what they need.

It takes the place of multiprocessing's own, a new Python that imports all of it: with hundreds of commands
in tests, that would be half of their time. It sets private parts of CPython's multiprocessing.
"""

import os
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing import connection, forkserver, resource_tracker
from pathlib import Path

from bakeoff.run.hooks.interruption import ENDING


def copy_as_server() -> None:
    """Let a copy of this process, as it is, be multiprocessing's fork server; it must not have computed."""
    if sys.version_info < (3, 14):  # which has other private parts
        with suppress(OSError):  # then a new Python is the server
            _fork()


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
