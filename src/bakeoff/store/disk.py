"""Sizes on disk, where files may be shared by hard links."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

BLOCK = 512  # bytes of a block of st_blocks, whatever the file system's own are


def on_disk(places: Iterable[Path]) -> int:
    """The bytes that files and folders take, a file with several names counted once. Links to other places
    are not followed.
    """
    return sum({(s.st_dev, s.st_ino): s.st_blocks * BLOCK for s in _states(places)}.values())


def freed_without(places: Iterable[Path]) -> int:
    """The bytes that removing files and folders frees: those of files that have no name elsewhere."""
    states = list(_states(places))
    names = Counter((s.st_dev, s.st_ino) for s in states)
    inside = {(s.st_dev, s.st_ino): s for s in states}
    return sum(s.st_blocks * BLOCK for key, s in inside.items() if s.st_nlink <= names[key])


def _states(places: Iterable[Path]) -> Iterator[os.stat_result]:
    for place in places:
        try:
            if place.is_dir() and not place.is_symlink():
                with os.scandir(place) as entries:
                    yield from _states(Path(entry.path) for entry in entries)
            else:
                yield place.lstat()
        except OSError:  # it has just gone, or nobody may look into it
            continue
