"""Records of a sweep that are not as this user's bakeoff has written them."""

from collections.abc import Iterable
from pathlib import Path

from bakeoff.store import own, plan_file
from bakeoff.store.record import RunRecord, is_own_run

SHOWN = 5  # runs that are named


def edited(sweep_dir: Path, runs: Iterable[RunRecord]) -> str:
    """A sentence that names the runs of a sweep of one's own whose record was edited, or written elsewhere;
    empty where there is no such run, or the whole sweep is somebody else's.
    """
    if not own.is_own(sweep_dir / plan_file.FILE_NAME):
        return ""
    found = [run.id for run in runs if not is_own_run(sweep_dir / run.id)]
    if not found:
        return ""
    records = "The record of run" if len(found) == 1 else "The records of runs"
    was = "was" if len(found) == 1 else "were"
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return (
        f"{records} {', '.join(found[:SHOWN])}{more} {was} edited since, or written by another account or "
        "machine: the numbers are as they stand there."
    )
