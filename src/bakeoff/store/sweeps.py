"""The sweeps that lie under `outputs/`, each in a few words."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.store import paths, plan_file, record
from bakeoff.store.disk import on_disk
from bakeoff.store.plain_file import read_text

BOARD = "leaderboard.json"
MARKS = (plan_file.FILE_NAME, BOARD, record.FILE_NAME, "multirun.yaml")  # of a sweep or a run
STAMP = "%Y-%m-%d_%H-%M-%S"


@dataclass(frozen=True)
class Sweep:
    """A sweep, or a single run, under `outputs/`. `planned`: its number of runs; `statuses` of those that
    have a record. `winner` and `value` are those of its leaderboard, or of the single run; None without.
    """

    folder: Path
    date: datetime
    planned: int
    octets: int
    statuses: Counter[str] = field(default_factory=Counter)
    winner: str | None = None
    metric: str | None = None
    value: float | None = None
    is_tested: bool = False
    is_damaged: bool = False

    @property
    def name(self) -> str:
        """The sweep as commands take it, EXPERIMENT/FOLDER."""
        return f"{self.folder.parent.name}/{self.folder.name}"


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep or a single run."""
    return folder.is_dir() and any((folder / name).is_file() for name in MARKS)


def sweep_folders() -> list[Path]:
    """The folders of sweeps and single runs, by experiment, the newest first."""
    found = [
        folder
        for folder in paths.OUTPUTS.glob("*/*")
        if not folder.is_symlink() and not folder.parent.is_symlink() and is_sweep(folder)
    ]
    found.sort(key=lambda folder: folder.name, reverse=True)
    return sorted(found, key=lambda folder: folder.parent.name)


def read(folder: Path) -> Sweep:
    """What a sweep's files say of it; what cannot be read makes it `is_damaged`."""
    is_damaged, statuses, planned = False, Counter(), None
    runs = [folder] if (folder / record.FILE_NAME).is_file() else _runs(folder)
    first: record.RunRecord | None = None
    for run_dir in runs:
        try:
            run = record.read(run_dir)
            first = first or run
            statuses[run.status] += 1
        except BakeoffError:
            is_damaged = True
    try:
        if (folder / plan_file.FILE_NAME).is_file():
            planned = len(plan_file.read(folder).jobs)
    except BakeoffError:
        is_damaged = True
    board: dict[str, Any] = {}
    if runs == [folder] and first is not None:
        row = {"name": first.candidate, "mean": first.metric.value}
        board = {"selected": first.candidate, "metric": first.metric.name, "candidates": [row]}
    elif (folder / BOARD).is_file():
        try:
            board = json.loads(read_text(folder / BOARD))
            # Of a finalist, the mean of the runs on fresh seeds: those that chose it flatter it.
            rows = {r["name"]: (r.get("fresh") or r)["mean"] for r in board["candidates"]}
            board["candidates"] = [{"name": name, "mean": mean} for name, mean in rows.items()]
            board["metric"], board["selected"], board["sealed_test"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            board, is_damaged = {}, True
    means = {row["name"]: row["mean"] for row in board.get("candidates", ())}
    winner = board.get("selected")
    return Sweep(
        folder=folder,
        date=_date(folder),
        planned=len(runs) if planned is None else planned,
        octets=on_disk([folder]),
        statuses=statuses,
        winner=winner,
        metric=board.get("metric"),
        value=means.get(winner),
        is_tested=bool(board.get("sealed_test")),
        is_damaged=is_damaged,
    )


def _runs(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob(f"*/{record.FILE_NAME}"))


def _date(folder: Path) -> datetime:
    try:
        return datetime.strptime(folder.name[: len("2026-01-01_00-00-00")], STAMP)
    except ValueError:
        marks = [folder / name for name in MARKS if (folder / name).is_file()]
        return datetime.fromtimestamp(min(path.stat().st_mtime for path in marks))
