"""A file that is not all there yet, `<name>.part`: one process at a time goes on with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from filelock import lock_descriptor


@contextmanager
def partial_file(destination: Path) -> Iterator[BinaryIO]:
    """Open `<name>.part` beside `destination`, for one process at a time and for appending.

    A resumable partial file has one name, so it has one writer. The lock is the kernel's, on the
    open file: it ends with its process, however that ends, so no stale lock can block a later call
    (as a lock file would after kill -9). Whoever waited may then hold a file that has meanwhile
    been renamed or removed, and opens the name anew.
    """
    path = destination.with_name(f"{destination.name}.part")
    while True:
        with path.open("a+b") as part:
            lock_descriptor(part.fileno())
            if not _is_at(part, path):
                continue
            try:
                yield part
            finally:
                # What was received is kept for resuming; an empty file would only be litter.
                if not size_of(part) and _is_at(part, path):
                    path.unlink()
            return


def _is_at(part: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(part.fileno()), path.stat())
    except FileNotFoundError:
        return False


def size_of(part: BinaryIO) -> int:
    """Its size in bytes, at this moment."""
    return os.fstat(part.fileno()).st_size
