"""`best/`: the selected run's files, apart from all others."""

import shutil
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.select.leaderboard import Leaderboard
from bakeoff.store import atomic, record
from bakeoff.store.checkpoint import verified
from bakeoff.store.inside import inside
from bakeoff.store.plain_file import read_bytes
from bakeoff.store.record import CONFIG
from bakeoff.sweep.commands import rebuild_command

BEST = "best"


def keep_best(sweep_dir: Path, board: Leaderboard) -> None:
    """Copy the selected run's config, weights and artifacts to `best/`, with the command that trains it
    again. Raises BakeoffError, and leaves `best/` as it is, where the checkpoint is not the one that the
    record speaks of.
    """
    if board.selected_run is None:
        return
    run_dir, best = inside(sweep_dir, board.selected_run), inside(sweep_dir, BEST)
    run = record.read(run_dir)
    for name in run.artifacts:
        inside(best, name)
    weights, config = verified(run_dir, run), _config(inside(run_dir, CONFIG))
    try:
        best.mkdir(exist_ok=True)
    except OSError as error:
        raise BakeoffError(
            f"cannot keep the selected run in {best}: {error.strerror}; expected a folder, or "
            "none: remove what is there"
        ) from None
    for source, name in (
        (weights, "weights.ckpt"),
        *((inside(run_dir, name), name) for name in run.artifacts),
    ):
        atomic.write_with(best / name, lambda file, source=source: shutil.copyfile(source, file))
    atomic.write_bytes(best / "config.yaml", config)
    atomic.write_text(best / "command.txt", rebuild_command(run_dir, run) + "\n")


def _config(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except OSError as error:
        raise BakeoffError(
            f"cannot read {path}: {error.strerror}; restore it from a copy, or train this run again"
        ) from None
