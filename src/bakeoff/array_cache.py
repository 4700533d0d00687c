"""Arrays that are made once: cached on disk, checked when read, made again where damaged."""

import logging
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from bakeoff import atomic
from bakeoff.errors import BakeoffError

log = logging.getLogger(__name__)

Arrays = Mapping[str, np.ndarray]


def cached(path: Path, make: Callable[[], Arrays]) -> dict[str, np.ndarray]:
    """The arrays in the file `path`, or those of `make()`, written there for the next time.

    The file's checksums (CRC-32 of the zip format) are verified on reading. Raises BakeoffError where
    the file cannot be written.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        log.warning("%s is damaged (%s): making it again", path, error)
    arrays = dict(make())

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez(file, **arrays)

    try:
        atomic.write_with(path, write)
    except OSError as error:
        size = sum(array.nbytes for array in arrays.values())
        raise BakeoffError(
            f"cannot write {path}: {error.strerror}. Expected a writable folder with {size:,} bytes "
            "free: make room there or choose another with data_dir=FOLDER"
        ) from None
    return arrays
