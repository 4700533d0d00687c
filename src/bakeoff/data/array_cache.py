"""Arrays that are made once: cached on disk, checked when read, made again where damaged."""

import logging
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import numpy as np

from bakeoff.store import atomic

log = logging.getLogger(__name__)

Arrays = Mapping[str, np.ndarray]

NAMES = "names of all arrays"
DAMAGE = (OSError, ValueError, EOFError, RuntimeError, KeyError, zipfile.BadZipFile, zlib.error)


def cached(path: Path, make: Callable[[], Arrays]) -> dict[str, np.ndarray]:
    """The arrays in the file `path`; where it is missing or damaged, those of `make()`, written to it.

    Reading verifies the checksums of the file (CRC-32 of the zip format). Raises BakeoffError where the
    file cannot be written.
    """
    try:
        return _read(path)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except DAMAGE as error:
        log.warning("%s is damaged (%s): making it again", path, error)
    arrays = dict(make())

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez(file, **arrays, **{NAMES: np.array(sorted(arrays))})

    atomic.write_with(path, write)
    return arrays


def peek(path: Path, names: Collection[str]) -> dict[str, np.ndarray] | None:
    """The arrays `names` in the file `path`, verified, without reading its other arrays.

    None where the file is missing, or damaged as far as that shows in what is read: `cached` makes it
    again.
    """
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            return {name: file[name] for name in names}
    except DAMAGE:
        return None


def _read(path: Path) -> dict[str, np.ndarray]:
    # Opened here, because np.load leaves a damaged file open.
    with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
        arrays = dict(file)
    # Checksums protect each array, but a damaged directory of the zip file can hide whole arrays.
    if sorted(arrays) != sorted([NAMES, *arrays.get(NAMES, ())]):
        raise ValueError(f"it holds {', '.join(arrays) or 'nothing'}")
    del arrays[NAMES]
    return arrays
