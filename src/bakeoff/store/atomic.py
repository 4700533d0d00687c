"""Files that are written whole or not at all."""

import json
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError

UNFINISHED = ".unfinished"  # .NAME.HOST-PROCESS.RANDOM.unfinished
HOST_LENGTH = 30  # characters


def write_with(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then flush it to disk and rename it.

    A reader sees the old content or the new, never a part; an exception leaves no trace. Raises
    BakeoffError where the folder cannot be written or the disk is full.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(UNFINISHED, f".{path.name}.{_writer()}.", path.parent)
        os.close(handle)
        temporary = Path(name)
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise BakeoffError(_refused(path, error)) from None
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove from a folder and those in it what processes of this machine that were killed have left.

    What a living process, or one of another machine, is writing stays.
    """
    for pattern in (f".*{UNFINISHED}", f"*/.*{UNFINISHED}"):
        for path in folder.glob(pattern):
            host, _, process = path.name.split(".")[-3].rpartition("-")
            if host == _host() and process.isdigit() and not _lives(int(process)):
                path.unlink(missing_ok=True)


def _writer() -> str:
    return f"{_host()}-{os.getpid()}"


def _host() -> str:
    return socket.gethostname().replace(".", "_")[:HOST_LENGTH]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the content of `path` in one step."""
    write_with(path, lambda temporary: temporary.write_bytes(content))


def write_text(path: Path, text: str) -> None:
    """Replace the content of `path` in one step (UTF-8)."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> None:
    """Replace `path` by `value` as indented JSON; NaN and infinities are refused (ValueError)."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def append_line(path: Path, line: str) -> None:
    """Append one line and flush it to disk before returning. Raises BakeoffError, as write_with."""
    try:
        with open(path, "a", encoding="utf-8", opener=_without_links) as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BakeoffError(_refused(path, error)) from None


def _without_links(path: str, flags: int) -> int:
    """Open a file that a stranger's folder may hold: its name leads to no other place."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _refused(path: Path, error: OSError) -> str:
    return (
        f"cannot write {path}: {error.strerror or error}. Expected a writable folder with room: make "
        "room there or choose another place"
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
