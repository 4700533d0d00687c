"""The sealed test: the one evaluation of the selected run on test data."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from bakeoff.errors import BakeoffError
from bakeoff.select.choice import chosen_run
from bakeoff.select.earlier_openings import earlier_selections, openings_elsewhere
from bakeoff.select.folds import value_of
from bakeoff.select.judgement import CONFIDENCE
from bakeoff.select.leaderboard import JSON_NAME, Candidate, Leaderboard
from bakeoff.select.ledger import (
    LEDGER,
    TRAINING,
    after_opening,
    enter,
    is_opened,
    result_of,
)
from bakeoff.select.tested_words import baseline_words, gap_words
from bakeoff.store import record
from bakeoff.store.plain_file import read_text
from bakeoff.sweep.selection import Selection, selection_of_sweep

# Apart from the sweep's own lock (`store.lock`): who opens the test set may hold that one already, and a
# second process waits here for the result instead of being sent away.
LOCK = ".sealed_test.lock"


def sealed_test(sweep_dir: Path, board: Leaderboard) -> bool:
    """Evaluate the selected run on test data and enter it in the ledger, if that is not done; where
    `selection.test` says so, all those that may be the best at the same opening, and the best baseline.

    Fills the board as `read_seal` does, and returns whether the test set was opened now. One process
    opens it at a time: another one waits, and finds the result. Raises BakeoffError where no run is
    selected, where checkpoint or data are not those of the training, or where the ledger has lost a
    result.
    """
    if board.selected_run is None:
        why = "\n".join(board.problems) or "no run completed"
        raise BakeoffError(f"{sweep_dir}: no run is selected, so there is none to test: {why}")
    with _alone(sweep_dir):
        known = read_seal(sweep_dir, board)
        if not known:
            runs = _tie_set(sweep_dir, board, selection_of_sweep(sweep_dir))
            from bakeoff.select.opening import open_test_set  # needs torch; what is known does not

            open_test_set(sweep_dir, runs, board)
            read_seal(sweep_dir, board)
    return not known


def read_seal(sweep_dir: Path, board: Leaderboard) -> bool:
    """Fill `board.sealed_test`, `board.earlier_openings` and `board.after_opening` from the ledgers;
    whether there is a result.

    Raises BakeoffError where the leaderboard on disk holds a result of the selected run that the ledger
    has not.
    """
    board.after_opening = after_opening(sweep_dir)
    line = result_of(sweep_dir, board.selected_run)
    if line is None:
        _refuse_lost_result(sweep_dir, board)
        return False
    board.sealed_test = line["result"]
    # A ledger of an earlier version holds no intervals.
    board.sealed_test_ci95 = line.get("ci95", {})
    board.sealed_test_units = line.get("units", "")
    board.sealed_test_against = line.get("against", [])
    board.sealed_test_baseline = _baseline(board, line.get("baseline"))
    board.sealed_test_gap = gap_words(
        record.read(sweep_dir / line["run"]).metric.value,
        board.sealed_test.get(board.metric),
        board.sealed_test_ci95.get(board.metric),
        board.direction,
    )
    board.earlier_openings = [
        *openings_elsewhere(sweep_dir, line["test_fingerprint"], line["time"]),
        *earlier_selections(sweep_dir, line["run"]),
    ]
    return True


def _baseline(board: Leaderboard, entry: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the ledger has of the best baseline, and what is `said` of it; of an earlier version's ledger,
    which has nothing, that it was not evaluated. None without a baseline.
    """
    if entry is None:
        if not board.baselines or board.baselines[0].mean is None:
            return None
        entry = {"name": board.baselines[0].name, "why": "the test set was opened without it"}
    return {**entry, "said": baseline_words(entry, board.direction)}


def note_training(sweep_dir: Path, runs: Sequence[str]) -> None:
    """Enter in the ledger that these runs are trained after an opening of the test set, if one was."""
    with _alone(sweep_dir):
        if is_opened(sweep_dir):
            enter(sweep_dir, TRAINING, {"runs": list(runs)})


@contextmanager
def _alone(sweep_dir: Path) -> Iterator[None]:
    """One process at a time. Raises BakeoffError where the lock cannot be opened; a link is none."""
    lock = FileLock(sweep_dir / LOCK)
    try:
        lock.acquire()
    except OSError as error:
        raise BakeoffError(
            f"cannot lock {sweep_dir / LOCK}: {error.strerror}; expected a file, or none, in a folder that "
            "can be written to: remove what is there"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _refuse_lost_result(sweep_dir: Path, board: Leaderboard) -> None:
    try:
        written = json.loads(read_text(sweep_dir / JSON_NAME))
        lost = written["sealed_test"] and written["selected_run"] == board.selected_run
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return
    if lost:
        raise BakeoffError(
            f"{sweep_dir / JSON_NAME} holds a test result of run {board.selected_run}, but {LEDGER} has no "
            "such line: it was removed or emptied. Restore it from a copy; the test set is not opened again"
        )


def _tie_set(sweep_dir: Path, board: Leaderboard, selection: Selection) -> list[str]:
    """The runs that the test set is opened for, the selected one first; after finalists those of them that
    fresh seeds do not tell apart from the winner.
    """
    runs = [board.selected_run]
    for row in board.candidates if selection.test == "tie_set" else ():
        if row.name != board.selected and _may_be_best(row, board):
            own = row.fresh["runs"] if board.finals else row.runs
            records = [record.read(sweep_dir / run) for run in own]
            completed = [run for run in records if value_of(run) is not None]
            runs.append(chosen_run(completed, selection.run, board.direction)[0].id)
    return runs


def _may_be_best(row: Candidate, board: Leaderboard) -> bool:
    if board.finals is None:
        return row.tied_with_best and row.to_best is not None
    pair = {row.name, board.selected}
    return any(
        {found["a"], found["b"]} == pair and found["adjusted_p"] >= 1 - CONFIDENCE
        for found in board.finals["pairs"]
    )
