"""One process at a time in a folder."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bakeoff.errors import BakeoffError
from bakeoff.store import atomic
from bakeoff.store.plain_file import read_text

LOCK = ".lock"
HOLDER = ".lock.holder"  # apart from the lock, which every process that asks for it empties


@contextmanager
def held(folder: Path, wait_s: float = 0) -> Iterator[None]:
    """Hold the lock of `folder`. The process that has it may take it again. What killed processes have left
    half written there is removed.

    The operating system frees the lock when the process that holds it ends, however it ends. Raises
    BakeoffError that names the holder where the lock is not free within `wait_s` seconds.
    """
    folder = folder.resolve()
    lock = FileLock(folder / LOCK, is_singleton=True)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise BakeoffError(
            f"{folder} is in use by {_holder(folder)}: wait until that process ends, or end it"
        ) from None
    except OSError as error:
        raise BakeoffError(
            f"cannot lock {folder}: {error.strerror}; expected a folder that can be written to"
        ) from None
    try:
        if lock.lock_counter == 1:
            atomic.remove_unfinished(folder)
            atomic.write_json(folder / HOLDER, _this_process())
        yield
    finally:
        if lock.lock_counter == 1:
            with suppress(
                OSError
            ):  # the folder has become read-only: what went wrong in it is said
                (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _this_process() -> dict[str, str | int]:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    return {"process": os.getpid(), "host": socket.gethostname(), "since": since}


def _holder(folder: Path) -> str:
    try:
        known = json.loads(read_text(folder / HOLDER))
        return f"process {known['process']} on {known['host']}, since {known['since']}"
    except (OSError, ValueError, KeyError, TypeError):  # it has just begun or ended
        return "another process"
