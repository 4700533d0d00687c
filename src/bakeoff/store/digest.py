"""SHA-256 of values and of files."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any


def digest(value: Any) -> str:
    """SHA-256 of plain containers, independent of the order of keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's content. Raises OSError where the file cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known_file_digest(path: Path) -> str:
    """As `file_digest`, but a file whose size and modification time are those of an earlier call in this
    process is not read again. For input files, which are read many times and seldom change; not for a
    check that a file is undamaged.
    """
    path = path.resolve()
    state = path.stat()
    return _digest_of(path, state.st_size, state.st_mtime_ns)


@cache
def _digest_of(path: Path, size: int, modified_ns: int) -> str:
    return file_digest(path)
