"""What can go from `outputs/` without a trace in any result: caches, and checkpoints of runs that were not
selected.
"""

import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bakeoff.data.array_cache import NAMES
from bakeoff.errors import BakeoffError
from bakeoff.select.leaderboard import JSON_NAME
from bakeoff.store import paths, record
from bakeoff.store.lock import held
from bakeoff.store.plain_file import read_text
from bakeoff.store.sweeps import sweep_folders

DATA = "data"  # the folder in outputs/ of downloads and caches
CHECKPOINTS = "checkpoints"


def caches() -> list[Path]:
    """The files in `outputs/data` that are made again from what is beside them."""
    data = paths.OUTPUTS / DATA
    if data.is_symlink():
        return []
    found = (path for path in _files(data) if path.suffix == ".npz")
    return [path for path in found if _is_cache(path)]


def spare_checkpoints() -> dict[Path, list[Path]]:
    """By sweep, the checkpoints of the runs that were not selected, and those to go on from of the one that
    was.

    Sweeps whose test set has not been opened keep all: the test may need more than the selected run.
    """
    found = {}
    for sweep in sweep_folders():
        selected = _selected_and_tested(sweep)
        if selected is None:
            continue
        spare = [path for run_dir in _runs(sweep) for path in _spare(run_dir, selected)]
        if spare:
            found[sweep] = spare
    return found


def remove_files(files: Iterable[Path]) -> None:
    """Remove files. Raises BakeoffError where one cannot be removed."""
    for path in files:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise BakeoffError(f"cannot remove {path}: {error.strerror}") from None


def remove_checkpoints(spare: dict[Path, list[Path]]) -> None:
    """Remove what `spare_checkpoints` has found. Raises BakeoffError where another process works on a
    sweep.
    """
    for sweep, files in spare.items():
        with held(sweep):
            remove_files(files)


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):  # which follows no links
        paths_here = (Path(place, name) for name in names)
        yield from (path for path in paths_here if path.is_file() and not path.is_symlink())


def _is_cache(path: Path) -> bool:
    """Whether a file was written by `data.array_cache`, whatever its name."""
    try:
        with zipfile.ZipFile(path) as file:
            return f"{NAMES}.npy" in file.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _selected_and_tested(sweep: Path) -> str | None:
    """The selected run of a sweep whose test set was opened; None where there is none."""
    try:
        board = json.loads(read_text(sweep / JSON_NAME))
        return (
            str(board["selected_run"]) if board["sealed_test"] and board["selected_run"] else None
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _runs(sweep: Path) -> list[Path]:
    found = sorted(path.parent for path in sweep.glob(f"*/{record.FILE_NAME}"))
    return [run_dir for run_dir in found if not run_dir.is_symlink()]


def _spare(run_dir: Path, selected: str) -> list[Path]:
    folder = run_dir / CHECKPOINTS
    try:
        run = record.read(run_dir)
    except BakeoffError:
        return []
    if folder.is_symlink() or run.status not in record.ENDED:
        return []
    kept = {run_dir / run.checkpoint.path} if run.checkpoint and run.id == selected else set()
    files = (path for path in sorted(folder.glob("*.ckpt")) if not path.is_symlink())
    return [path for path in files if path not in kept]
