"""A sweep is removed, and what its ledger tells of the test set stays."""

import shutil
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.store.lock import HOLDER, LOCK, held
from bakeoff.store.sweeps import is_sweep, sweep_folders

LEDGER = "test_ledger.jsonl"


def removable(folder: Path) -> Path:
    """The folder of a sweep or a single run, if it lies where bakeoff puts them. Raises BakeoffError."""
    folder, outputs = folder.resolve(), paths.OUTPUTS.resolve()
    if folder.parent.parent != outputs:
        raise BakeoffError(
            f"{folder} is no sweep in {outputs}: only what lies there as EXPERIMENT/FOLDER is removed"
        )
    if not is_sweep(folder):
        raise BakeoffError(f"{folder} holds no sweep and no run: it is left as it is")
    return folder


def keeps_ledger(folder: Path) -> bool:
    """Whether a sweep has opened the test set, so that later sweeps must know of it."""
    path = folder / LEDGER
    return path.is_file() and path.stat().st_size > 0


def remove(folder: Path) -> None:
    """Remove a sweep; its ledger stays in its folder where the test set was opened. `latest` then points to
    the newest sweep that is left beside it.

    Raises BakeoffError where another process works on the sweep, or where a file cannot be removed.
    """
    folder = removable(folder)
    kept = {LEDGER} if keeps_ledger(folder) else set()
    try:
        with held(folder):
            entries = [e for e in folder.iterdir() if e.name not in {*kept, LOCK, HOLDER}]
            # Folders first: until its files are gone, what is left of the sweep can still be removed.
            for entry in sorted(entries, key=lambda e: e.is_symlink() or not e.is_dir()):
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                else:
                    entry.unlink()
            (folder / LOCK).unlink(missing_ok=True)
        if not kept:
            folder.rmdir()
    except OSError as error:
        raise BakeoffError(f"cannot remove {error.filename}: {error.strerror}") from None
    _point_latest_elsewhere(folder)


def _point_latest_elsewhere(removed: Path) -> None:
    link = removed.parent / paths.LATEST
    if not link.is_symlink() or link.readlink().name != removed.name:
        return
    left = [f for f in sweep_folders() if f.resolve().parent == removed.parent]
    if left:
        paths.point_latest(left[0].resolve())
    else:
        link.unlink()
