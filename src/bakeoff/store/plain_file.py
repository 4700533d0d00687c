"""Files that anybody may have put there, read whole: a FIFO or a device is not waited for."""

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 1 << 26  # of a record, a plan, a leaderboard, a ledger


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of a file. Raises OSError where it cannot be read, is no regular file, or holds more than
    `most` bytes.
    """
    with open(path, "rb", opener=_without_waiting) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        if status.st_size > most:
            raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
        return file.read()


def read_text(path: Path) -> str:
    """As `read_bytes`, decoded as UTF-8. Raises UnicodeDecodeError besides."""
    return read_bytes(path).decode()


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
