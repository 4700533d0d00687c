"""What a sweep's folder holds, and what to know before comparing its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.report.curves import EPOCH, Curve, read_curves
from bakeoff.report.exhibits import read_showcase, read_tables, tables_of_runs
from bakeoff.report.wording import earlier_openings, often
from bakeoff.select.leaderboard import Leaderboard
from bakeoff.select.ledger import LEDGER, OPENING, read_ledger
from bakeoff.store import record
from bakeoff.store.inside import inside
from bakeoff.store.record import RunRecord
from bakeoff.store.schema import fitted, read_json

LEADERBOARD = "leaderboard.json"
KEYS = {"experiment", "task", "metric", "direction", "candidates", "selected", "selected_run"}
ROW_KEYS = {"name", "rank", "mean", "std", "ci95", "n", "runs", "status_counts"}
OPTIONAL = {
    "sealed_test": None,
    "problems": [],
    "notes": [],
    "baselines": [],
    "unbeaten": [],
    "earlier_openings": [],
    "selected_by": "",
    "replicates": "",
    "after_opening": "",
    "edited": "",
    "mixed": [],
    "part": "",
    "sealed_test_ci95": {},
    "sealed_test_units": "",
    "sealed_test_gap": "",
    "sealed_test_against": [],
    "sealed_test_baseline": None,
    "finals": None,
}
OPTIONAL_ROW = {
    "baseline": False,
    "overrides": [],
    "parameters": None,
    "train_seconds": None,
    "seconds_per_prediction": None,
    "tied_with_best": False,
    "verdict": "",
    "to_best": None,
    "practical": None,
    "to_leader": None,
    "fresh": None,
    "costs": {},
    "pareto": [],
}


@dataclass
class Evidence:
    """What a sweep's folder holds; `notes` tell what of it could not be read, and what to know."""

    folder: Path
    board: dict[str, Any]
    records: dict[str, RunRecord]
    curves: dict[str, dict[str, Curve]]
    openings: list[dict[str, Any]]  # of the sealed test
    showcase: list[tuple[str, str]]  # title and data URI
    tables: list[tuple[str, dict[str, Any]]]  # title; columns, rows and note
    notes: list[str]

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """The leaderboard's rows, best first."""
        return self.board["candidates"]

    @property
    def selected(self) -> dict[str, Any] | None:
        """The row of the selected candidate."""
        named = (row for row in self.candidates if row["name"] == self.board["selected"])
        return next(named, None)

    def every_run(self, row: dict[str, Any]) -> list[RunRecord]:
        """Return the records of a candidate's runs, those on fresh seeds at the end."""
        return [self.records[run] for run in runs_of(row) if run in self.records]

    def runs(self, row: dict[str, Any]) -> list[RunRecord]:
        """Return the records of a candidate's runs, in the leaderboard's order."""
        return [self.records[run] for run in row["runs"] if run in self.records]


def runs_of(row: dict[str, Any]) -> list[str]:
    """The ids of a candidate's runs, those on fresh seeds at the end."""
    return [*row["runs"], *(row["fresh"] or {"runs": []})["runs"]]


def read_evidence(sweep_dir: Path, runs: Iterable[RunRecord] = ()) -> Evidence:
    """Read a sweep's folder, but for the records of the `runs` that were read before.

    Raises BakeoffError where its leaderboard is missing, damaged or of another kind.
    """
    board = _read_leaderboard(sweep_dir / LEADERBOARD)
    notes: list[str] = []
    known = {run.id: run for run in runs}
    records, curves = {}, {}
    for run in (run for row in board["candidates"] for run in runs_of(row)):
        try:
            records[run] = known.get(run) or record.read(inside(sweep_dir, run))
        except BakeoffError:
            notes.append(
                f"The record of run {run} is missing or damaged: the leaderboard counts this run, "
                "but nothing else below does."
            )
            continue
        curves[run] = read_curves(sweep_dir / run)
    openings = _read_ledger(sweep_dir, notes)
    notes += cautions(records, curves)
    notes += ledger_cautions(board, records, openings)
    showcase = read_showcase(sweep_dir / "showcase", notes)
    tables = read_tables(sweep_dir / "showcase", notes)
    tables += tables_of_runs(sweep_dir, board, records, notes)
    return Evidence(sweep_dir, board, records, curves, openings, showcase, tables, notes)


def _read_leaderboard(path: Path) -> dict[str, Any]:
    try:
        # JSON has no NaN, but Python writes one: to a reader it is a missing value.
        board = read_json(
            path, "`bakeoff report SWEEP` makes it anew from the runs", lambda _: None
        )
    except (FileNotFoundError, NotADirectoryError):
        raise BakeoffError(
            f"no {LEADERBOARD} in {path.parent}: give the folder of a sweep; "
            "`bakeoff report SWEEP` makes the leaderboard from the runs in it"
        ) from None
    except OSError as error:
        raise BakeoffError(f"cannot read {path}: {error.strerror}; allow reading it") from None
    rows = board.get("candidates") if isinstance(board, dict) else None
    if not isinstance(rows, list) or not board.keys() >= KEYS:
        raise BakeoffError(f"{path} is not a leaderboard: expected the keys {sorted(KEYS)}")
    for row in rows:
        if not isinstance(row, dict) or not row.keys() >= ROW_KEYS:
            raise BakeoffError(
                f"{path}: expected candidates with the keys {sorted(ROW_KEYS)}, got {row!r:.200}"
            )
    board = OPTIONAL | board | {"candidates": [OPTIONAL_ROW | row for row in rows]}
    fitted(Leaderboard, board, str(path), "a leaderboard")  # every value is of its type
    board["candidates"].sort(key=lambda row: (row["rank"] is None, row["rank"] or 0))
    return board


def _read_ledger(sweep_dir: Path, notes: list[str]) -> list[dict[str, Any]]:
    try:
        lines = read_ledger(sweep_dir)
    except BakeoffError as error:
        notes.append(f"{error}.")
        return []
    return [line for line in lines if line["event"] == OPENING]


def cautions(records: dict[str, RunRecord], curves: dict[str, dict[str, Curve]]) -> list[str]:
    """Tell what to know before comparing the numbers of these runs."""
    found = []
    silent = [run for run in records if records[run].epochs and not curves[run]]
    if silent:
        found.append(f"No learning curves could be read of run {', '.join(silent)}.")
    for run, logged in curves.items():
        last, trained = max((curve.x[-1] for curve in logged.values()), default=0), records[run]
        if EPOCH in logged and trained.status == "completed" and last + 1 < trained.epochs:
            found.append(
                f"The curves of run {run} end at epoch {last}, but it trained {trained.epochs} "
                "epochs: its event file is incomplete."
            )
    devices = {str(r.environment["device"]) for r in records.values() if "device" in r.environment}
    if len(devices) > 1:
        found.append(
            f"The runs were trained on different devices ({', '.join(sorted(devices))}): their "
            "training times do not compare."
        )
    return found


def times_opened(openings: list[dict[str, Any]]) -> int:
    """How many times the test set was opened: runs that were tested together count as one opening."""
    return len({tuple(opening.get("together", [at])) for at, opening in enumerate(openings)})


def ledger_cautions(
    board: dict[str, Any], records: dict[str, RunRecord], openings: list[dict[str, Any]]
) -> list[str]:
    """Tell where the ledger of the sealed test and the other files do not agree."""
    found = []
    if board["sealed_test"] and not openings:
        found.append(f"The sealed test has a result, but no line in {LEDGER}.")
    if board["earlier_openings"]:
        found.append(
            f"The test set was opened before: {earlier_openings(board['earlier_openings'])}."
        )
    if (times := times_opened(openings)) > 1:
        found.append(f"The test set was opened {often(times)}.")
    for opening in openings:
        run = records.get(opening["run"])
        digest = opening["checkpoint_sha256"]
        if run and run.checkpoint and digest and run.checkpoint.sha256 != digest:
            found.append(
                f"The test was made with another checkpoint than run {run.id} now has: it was "
                "trained again since."
            )
    return found
