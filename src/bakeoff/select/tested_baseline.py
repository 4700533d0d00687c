"""The best baseline on test data, at the same opening as the selected run."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytorch_lightning as pl
from omegaconf import DictConfig, OmegaConf
from threadpoolctl import threadpool_limits

from bakeoff.gate.error_text import first_line
from bakeoff.run.baseline import FittedBaseline, fit_baseline
from bakeoff.run.example_scores import ExampleScores
from bakeoff.run.hooks.record_progress import finite
from bakeoff.run.parts.measures import build_metrics, scalars
from bakeoff.select.baselines import BaselineRow
from bakeoff.select.outcome import Intervals, Outcome
from bakeoff.store import paths, record
from bakeoff.store.plan_file import PlannedJob
from bakeoff.store.record import RunRecord
from bakeoff.sweep.launch.planned_baselines import planned_baselines

log = logging.getLogger(__name__)
SAME = 1e-6  # relative: fitted again, a baseline measures the same


@dataclass(frozen=True)
class Floor:
    """The best baseline of a sweep: its `name` on the leaderboard, its `run`, and what it is now, `fitted`
    again by `config`; without these three, `why` says why it cannot be evaluated on test data.
    """

    name: str
    why: str = ""
    run: str = ""
    config: DictConfig | None = None
    fitted: FittedBaseline | None = None


def fit_again(
    sweep_dir: Path,
    baselines: Sequence[BaselineRow],
    run: RunRecord,
    config: DictConfig,
    data: pl.LightningDataModule,
) -> Floor | None:
    """Fit the first of the `baselines`, which are the best first, as it was fitted for the `data` of the
    selected run, and see that it measures the same on validation data. None without a baseline that has a
    value.

    A baseline is not kept as a file: what unpickles one runs whatever the file says.
    """
    if not baselines or baselines[0].mean is None:
        return None
    best = baselines[0]
    job = PlannedJob(
        number=0,
        id=run.id,
        candidate=run.candidate,
        candidate_id=run.candidate_id or run.candidate,
        seed=run.seed,
        overrides=run.overrides,
        config=OmegaConf.to_yaml(config),
    )
    planned = {one.record.id: one for one in planned_baselines([job])}
    found = next((planned[id_] for id_ in best.runs if id_ in planned), None)
    if found is None:
        return Floor(best.name, "it was fitted to other data than the selected run's")
    try:
        measured = record.read(sweep_dir / paths.BASELINES / found.record.id)
        with threadpool_limits(config.threads):
            fitted = fit_baseline(found.config, measured.candidate, data)
            value = _measured(found.config, fitted, "val")[0].get(measured.metric.name)
    except Exception as error:  # an object of the user's own can raise anything
        log.debug("the baseline failed", exc_info=True)
        return Floor(best.name, f"fitting it again failed: {first_line(error)}")
    if value is None or not np.isclose(value, measured.metric.value, rtol=SAME, atol=0):
        return Floor(
            best.name,
            f"fitted again it gives {value} on validation data, and not {measured.metric.value}",
        )
    return Floor(best.name, "", measured.id, found.config, fitted)


def evaluate_baseline(floor: Floor) -> Outcome | str:
    """What the baseline reaches on test data, or why that is not known."""
    if floor.fitted is None:
        return floor.why
    try:
        with threadpool_limits(floor.config.threads):
            result, scores = _measured(floor.config, floor.fitted, "test")
        units = floor.fitted.units("test")
        number = int(floor.fitted.data.units("test").of_example.max()) + 1
        weighted = scores.over(units, number)
    except Exception as error:  # the test set is open: the selected run's result must not be lost
        log.warning("the baseline could not be evaluated on test data", exc_info=True)
        return f"evaluating it failed: {first_line(error)}"
    return Outcome(floor.run, floor.name, result, weighted, number, units.name)


def _measured(
    config: DictConfig, fitted: FittedBaseline, split: str
) -> tuple[dict[str, float | None], ExampleScores]:
    metrics, scores = build_metrics(config), ExampleScores()
    for output, target, _ in fitted.answers(split):
        metrics.update(output, target)
        scores.add(metrics, output, target)
    values = scalars(metrics.compute())
    return {name: finite(value) for name, value in values.items()}, scores


def ledger_entry(
    floor: Floor | None, reached: Outcome | str, own: Outcome, found: Intervals, metric: str
) -> dict[str, Any] | None:
    """What the ledger keeps of the baseline beside the selected run's `own` result: its `value` with its
    interval, and the `difference`, the selected run's minus the baseline's, with its interval; or `why` it
    was not evaluated. None without a baseline.
    """
    if floor is None:
        return None
    if isinstance(reached, str):
        return {"name": floor.name, "why": reached}
    value, selected = reached.result.get(metric), own.result.get(metric)
    if value is None or selected is None:
        return {"name": floor.name, "why": f"{metric} has no value there"}
    _, interval = found.differences.get(reached.run, (None, None))
    return {
        "name": floor.name,
        "run": reached.run,
        "value": value,
        "ci95": found.of.get(reached.run, {}).get(metric),
        "difference": selected - value,
        "difference_ci95": interval,
    }
