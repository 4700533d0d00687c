"""The sealed test: the one evaluation of the selected run on test data."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from filelock import FileLock
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.run.example_scores import ExampleScores, Weighted
from bakeoff.run.kind import is_lightning
from bakeoff.run.own_module import evaluated
from bakeoff.run.quiet_lightning import quiet_lightning
from bakeoff.run.read_back import read_run
from bakeoff.run.record_progress import finite
from bakeoff.run.trainer import build_tester
from bakeoff.select.choice import chosen_run
from bakeoff.select.judgement import CONFIDENCE, value_of
from bakeoff.select.leaderboard import JSON_NAME, Candidate, Leaderboard
from bakeoff.select.ledger import (
    LEDGER,
    OPENING,
    RESULT,
    TRAINING,
    after_opening,
    earlier_selections,
    enter,
    is_opened,
    openings_elsewhere,
    result_of,
)
from bakeoff.select.outcome import Intervals, Outcome, gap_words, intervals
from bakeoff.store import record
from bakeoff.sweep.selection import Selection, selection_of_sweep

log = logging.getLogger(__name__)
NO_INTERVAL = "the test result has no interval: working it out failed"

# Apart from the sweep's own lock (`store.lock`): who opens the test set may hold that one already, and a
# second process waits here for the result instead of being sent away.
LOCK = ".sealed_test.lock"


def sealed_test(sweep_dir: Path, board: Leaderboard) -> bool:
    """Evaluate the selected run on test data and enter it in the ledger, if that is not done; where
    `selection.test` says so, all those that may be the best at the same opening.

    Fills the board as `read_seal` does, and returns whether the test set was opened now. One process
    opens it at a time: another one waits, and finds the result. Raises BakeoffError where no run is
    selected, where checkpoint or data are not those of the training, or where the ledger has lost a
    result.
    """
    if board.selected_run is None:
        why = "\n".join(board.problems) or "no run completed"
        raise BakeoffError(f"{sweep_dir}: no run is selected, so there is none to test: {why}")
    with FileLock(sweep_dir / LOCK):
        known = read_seal(sweep_dir, board)
        if not known:
            runs = _tie_set(sweep_dir, board, selection_of_sweep(sweep_dir))
            _open(sweep_dir, runs, board.metric)
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


def note_training(sweep_dir: Path, runs: Sequence[str]) -> None:
    """Enter in the ledger that these runs are trained after an opening of the test set, if one was."""
    with FileLock(sweep_dir / LOCK):
        if is_opened(sweep_dir):
            enter(sweep_dir, TRAINING, {"runs": list(runs)})


def _refuse_lost_result(sweep_dir: Path, board: Leaderboard) -> None:
    try:
        written = json.loads((sweep_dir / JSON_NAME).read_text(encoding="utf-8"))
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


def _open(sweep_dir: Path, runs: Sequence[str], metric: str) -> None:
    """Evaluate runs on test data, all at one opening; the first is the selected one."""
    opened = []
    for run_id in runs:
        run_dir = sweep_dir / run_id
        run = record.read(run_dir)
        config, data, module = read_run(run_dir, run)
        if data.fingerprint != run.data_fingerprint:
            raise BakeoffError(
                f"run {run.id} was trained on other data (fingerprint {run.data_fingerprint}) than those "
                f"here now ({data.fingerprint}): the test set stays closed. Restore the data, or run the "
                "sweep anew"
            )
        data.setup("test")
        entry = {
            "run": run.id,
            "candidate": run.candidate,
            "seed": run.seed,
            "checkpoint_sha256": run.checkpoint.sha256,
            "data_fingerprint": run.data_fingerprint,
            "test_fingerprint": data.test_fingerprint,
            "together": list(runs),
        }
        opened.append((entry, config, data, module))
    for entry, *_ in opened:
        enter(sweep_dir, OPENING, entry)
    tested = [_tested(entry, config, data, module) for entry, config, data, module in opened]
    found = _intervals(tested, metric)
    against = [
        {
            "run": one.run,
            "candidate": one.candidate,
            "value": one.result.get(metric),
            "difference": found.differences[one.run][0],
            "ci95": found.differences[one.run][1],
        }
        for one in tested
        if one.run in found.differences
    ]
    # The selected run's result is the last line: where it is, all of them are.
    for (entry, *_), one in reversed(list(zip(opened, tested, strict=True))):
        result = {
            "result": dict(one.result),
            "ci95": found.of.get(one.run, {}),
            "units": f"{one.units:,} {one.unit}" if one.unit else "",
            "against": against if one is tested[0] else [],
        }
        enter(sweep_dir, RESULT, {**entry, **result})


def _tested(
    entry: dict[str, Any],
    config: DictConfig,
    data: pl.LightningDataModule,
    module: pl.LightningModule,
) -> Outcome:
    if is_lightning(config):  # bakeoff does not know what each example adds to its metrics
        with quiet_lightning():
            values = evaluated(config, module, data, "test")
        result = {name: finite(value) for name, value in values.items()}
        return Outcome(entry["run"], entry["candidate"], result, lambda counts: {}, 1, "")
    scores = ExampleScores()
    with quiet_lightning():
        trainer = build_tester(config, [scores])
        trainer.test(module, datamodule=data, verbose=False)
    result = {
        name.removeprefix("test/"): finite(value)
        for name, value in trainer.callback_metrics.items()
    }
    weighted, units, unit = _again(scores, data)
    return Outcome(entry["run"], entry["candidate"], result, weighted, units, unit)


def _again(scores: ExampleScores, data: pl.LightningDataModule) -> tuple[Weighted, int, str]:
    """What works the metrics out again, the number of units and their name; nothing where that fails, or
    where the data do not say what is independent in them.
    """
    if hasattr(data, "units"):
        try:
            units = data.units("test")
            return scores.over(units), int(units.of_example.max()) + 1, units.name
        except Exception:
            log.warning(NO_INTERVAL, exc_info=True)
    return lambda counts: {}, 1, ""


def _intervals(tested: Sequence[Outcome], metric: str) -> Intervals:
    """The intervals; none where they fail: the test set is open, and its result must not be lost."""
    try:
        return intervals(tested, metric)
    except Exception:
        log.warning(NO_INTERVAL, exc_info=True)
        return Intervals({}, {})
