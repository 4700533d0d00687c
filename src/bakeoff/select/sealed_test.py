"""The sealed test: the one evaluation of the selected run on test data."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytorch_lightning as pl
from filelock import FileLock
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.run.quiet_lightning import quiet_lightning
from bakeoff.run.read_back import read_run
from bakeoff.run.record_progress import finite
from bakeoff.run.supervised import Supervised
from bakeoff.run.trainer import build_tester
from bakeoff.select.leaderboard import JSON_NAME, Leaderboard
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
from bakeoff.store import record

# Apart from the sweep's own lock (`store.lock`): who opens the test set may hold that one already, and a
# second process waits here for the result instead of being sent away.
LOCK = ".sealed_test.lock"


def sealed_test(sweep_dir: Path, board: Leaderboard) -> bool:
    """Evaluate the selected run on test data and enter it in the ledger, if that is not done.

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
            _open(sweep_dir, board.selected_run)
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
    except (OSError, ValueError, KeyError, TypeError):
        return
    if lost:
        raise BakeoffError(
            f"{sweep_dir / JSON_NAME} holds a test result of run {board.selected_run}, but {LEDGER} has no "
            "such line: it was removed or emptied. Restore it from a copy; the test set is not opened again"
        )


def _open(sweep_dir: Path, run_id: str) -> None:
    run_dir = sweep_dir / run_id
    run = record.read(run_dir)
    config, data, module = read_run(run_dir, run)
    if data.fingerprint != run.data_fingerprint:
        raise BakeoffError(
            f"run {run.id} was trained on other data (fingerprint {run.data_fingerprint}) than those here "
            f"now ({data.fingerprint}): the test set stays closed. Restore the data, or run the sweep anew"
        )
    data.setup("test")
    entry = {
        "run": run.id,
        "candidate": run.candidate,
        "seed": run.seed,
        "checkpoint_sha256": run.checkpoint.sha256,
        "data_fingerprint": run.data_fingerprint,
        "test_fingerprint": data.test_fingerprint,
    }
    enter(sweep_dir, OPENING, entry)
    enter(sweep_dir, RESULT, {**entry, "result": _evaluated(config, data, module)})


def _evaluated(
    config: DictConfig, data: pl.LightningDataModule, module: Supervised
) -> dict[str, float | None]:
    with quiet_lightning():
        trainer = build_tester(config)
        trainer.test(module, datamodule=data, verbose=False)
    return {
        name.removeprefix("test/"): finite(value)
        for name, value in trainer.callback_metrics.items()
    }
