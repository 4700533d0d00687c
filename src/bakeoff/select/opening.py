"""One opening of the test set: the selected run, those that may be the best, and the best baseline."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.run.read_back import read_run
from bakeoff.select.earlier_openings import known_now
from bakeoff.select.evaluation import NO_INTERVAL, evaluate
from bakeoff.select.leaderboard import Leaderboard
from bakeoff.select.ledger import OPENING, RESULT, enter
from bakeoff.select.other_code import refuse_other_code
from bakeoff.select.outcome import Intervals, Outcome, intervals
from bakeoff.select.tested_baseline import evaluate_baseline, fit_again, ledger_entry
from bakeoff.store import record
from bakeoff.store.record import RunRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Opened:
    """A run that the test set is opened for, and its line in the ledger."""

    entry: dict[str, Any]
    run: RunRecord
    config: DictConfig
    data: pl.LightningDataModule
    module: pl.LightningModule


def open_test_set(sweep_dir: Path, runs: Sequence[str], board: Leaderboard) -> None:
    """Evaluate runs on test data, all at one opening, and the best baseline beside them; the first run is
    the selected one. Raises BakeoffError before anything is opened.
    """
    opened = [_prepared(sweep_dir, run_id, runs) for run_id in runs]
    own = opened[0]
    floor = fit_again(sweep_dir, board.baselines, own.run, own.config, own.data)
    known = known_now(sweep_dir, own.data.test_fingerprint)
    for one in opened:
        enter(sweep_dir, OPENING, {**one.entry, "known": known})
    tested = [
        evaluate(one.run.id, one.run.candidate, one.config, one.data, one.module) for one in opened
    ]
    reached = "" if floor is None else evaluate_baseline(floor)
    found = _intervals(
        [*tested, *([reached] if isinstance(reached, Outcome) else [])], board.metric
    )
    against = [_against(one, found, board.metric) for one in tested if one.run in found.differences]
    baseline = ledger_entry(floor, reached, tested[0], found, board.metric)
    # The selected run's result is the last line: where it is, all of them are.
    for of, one in reversed(list(zip(opened, tested, strict=True))):
        result = {
            "result": dict(one.result),
            "ci95": found.of.get(one.run, {}),
            "units": f"{one.units:,} {one.unit}" if one.unit else "",
            "against": against if of is own else [],
            "baseline": baseline if of is own else None,
        }
        enter(sweep_dir, RESULT, {**of.entry, **result})


def _prepared(sweep_dir: Path, run_id: str, together: Sequence[str]) -> _Opened:
    """A run with its weights and its test split. Raises BakeoffError where the data are others."""
    run_dir = sweep_dir / run_id
    run = record.read(run_dir)
    config, data, module = read_run(run_dir, run)
    if data.fingerprint != run.data_fingerprint:
        raise BakeoffError(
            f"run {run.id} was trained on other data (fingerprint {run.data_fingerprint}) than those "
            f"here now ({data.fingerprint}): the test set stays closed. Restore the data, or run the "
            "sweep anew"
        )
    refuse_other_code(run_dir, run, config, data, module)
    data.setup("test")
    entry = {
        "run": run.id,
        "candidate": run.candidate,
        "seed": run.seed,
        "checkpoint_sha256": run.checkpoint.sha256,
        "data_fingerprint": run.data_fingerprint,
        "test_fingerprint": data.test_fingerprint,
        "together": list(together),
    }
    return _Opened(entry, run, config, data, module)


def _against(one: Outcome, found: Intervals, metric: str) -> dict[str, Any]:
    difference, interval = found.differences[one.run]
    return {
        "run": one.run,
        "candidate": one.candidate,
        "value": one.result[metric],
        "difference": difference,
        "ci95": interval,
    }


def _intervals(tested: Sequence[Outcome], metric: str) -> Intervals:
    """The intervals; none where they fail: the test set is open, and its result must not be lost."""
    try:
        return intervals(tested, metric)
    except Exception:
        log.warning(NO_INTERVAL, exc_info=True)
        return Intervals({}, {})
