"""Arrays that are made once: cached on disk, checked when read, made again where damaged."""

import logging
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from bakeoff.store import atomic

log = logging.getLogger(__name__)

Arrays = Mapping[str, np.ndarray]

NAMES = "names of all arrays"


def cached(path: Path, make: Callable[[], Arrays]) -> dict[str, np.ndarray]:
    """The arrays in the file `path`, or those of `make()`, written there for the next time.

    The file's checksums (CRC-32 of the zip format) are verified on reading. Raises BakeoffError where
    the file cannot be written.
    """
    try:
        return _read(path)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        log.warning("%s is damaged (%s): making it again", path, error)
    arrays = dict(make())

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez(file, **arrays, **{NAMES: np.array(sorted(arrays))})

    atomic.write_with(path, write)
    return arrays


def _read(path: Path) -> dict[str, np.ndarray]:
    # Opened here, because np.load leaves a damaged file open.
    with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
        arrays = dict(file)
    # The checksums cover each array, but damage to the zip file's directory can hide whole arrays.
    if sorted(arrays) != sorted([NAMES, *arrays.get(NAMES, ())]):
        raise ValueError(f"it holds {', '.join(arrays) or 'nothing'}")
    del arrays[NAMES]
    return arrays
