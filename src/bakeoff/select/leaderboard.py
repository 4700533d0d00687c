"""Run records -> leaderboard: a candidate is picked from validation results only."""

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from bakeoff.errors import BakeoffError
from bakeoff.select.candidate import candidate_overrides, short_names
from bakeoff.store import atomic
from bakeoff.store.record import Direction, RunRecord

CONFIDENCE = 0.95
JSON_NAME, CSV_NAME = "leaderboard.json", "leaderboard.csv"


@dataclass
class Candidate:
    """A row of the leaderboard. `mean`, `std` (of the sample) and `ci95` (Student's t) are over the n
    completed replicates; None where there are too few. `train_seconds` and
    `seconds_per_prediction` are their means.
    """

    name: str
    overrides: list[str]
    rank: int | None
    mean: float | None
    std: float | None
    ci95: tuple[float, float] | None
    n: int
    runs: list[str]
    parameters: int | None
    train_seconds: float | None
    seconds_per_prediction: float | None
    status_counts: dict[str, int]
    tied_with_best: bool


@dataclass
class Leaderboard:
    """What `leaderboard.json` holds; `selected` and `selected_run` are None where no run completed."""

    experiment: str
    task: str
    metric: str
    direction: Direction
    candidates: list[Candidate]
    selected: str | None
    selected_run: str | None
    sealed_test: dict[str, float | None] | None = None

    def write(self, sweep_dir: Path) -> None:
        """Write `leaderboard.json` and the same table flat, `leaderboard.csv`."""
        content = asdict(self)
        atomic.write_json(sweep_dir / JSON_NAME, content)
        table = io.StringIO()
        rows = [_flat(row) for row in content["candidates"]]
        writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        atomic.write_text(sweep_dir / CSV_NAME, table.getvalue())


def select(records: Sequence[RunRecord]) -> Leaderboard:
    """Rank the candidates of a sweep by the mean of the task's metric over their replicates.

    A candidate of which a replicate did not complete ranks behind those that completed all: what is
    left of it would be chosen by luck. The selected run is the selected candidate's best on
    validation data. Raises BakeoffError without records, or with records of different metrics.
    """
    if not records:
        raise BakeoffError(
            "no run records in this sweep: nothing has started, or it is no sweep's folder"
        )
    first = records[0]
    direction = first.metric.direction
    metrics = {(run.task, run.metric.name, run.metric.direction) for run in records}
    if len(metrics) > 1:
        raise BakeoffError(
            f"runs of different tasks or metrics cannot be compared: {sorted(metrics)}"
        )
    groups: dict[str, list[RunRecord]] = {}
    for run in records:
        groups.setdefault(run.candidate, []).append(run)
    names = short_names(list(groups))
    sign = -1 if direction == "max" else 1
    ranked = sorted(
        zip(names, groups.values(), strict=True),
        key=lambda item: (_incomplete(item[1]), sign * _mean(_values(item[1])), item[0]),
    )
    best = _values(ranked[0][1])
    candidates = [
        _candidate(name, runs, rank, best) for rank, (name, runs) in enumerate(ranked, start=1)
    ]
    chosen = [run for run in ranked[0][1] if run.status == "completed"]
    chosen.sort(key=lambda run: (sign * (run.metric.value or 0), run.seed))
    return Leaderboard(
        experiment=first.experiment,
        task=first.task,
        metric=first.metric.name,
        direction=direction,
        candidates=candidates,
        selected=candidates[0].name if chosen else None,
        selected_run=chosen[0].id if chosen else None,
    )


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """95 % confidence interval of the mean, by Student's t distribution; None below two values."""
    if len(values) < 2:
        return None
    half = stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * stats.sem(values)
    return float(np.mean(values) - half), float(np.mean(values) + half)


def tied(values: Sequence[float], best: Sequence[float]) -> bool:
    """Whether the data cannot tell two candidates' means apart: Welch's t-test, two-sided, 5 %.

    A candidate without values ties with nothing; with a single value no difference can be shown.
    """
    if not len(values) or not len(best):
        return False
    if len(values) < 2 or len(best) < 2:
        return True
    if np.std(values) == np.std(best) == 0:
        return bool(np.mean(values) == np.mean(best))
    samples = [(np.mean(v), np.std(v, ddof=1), len(v)) for v in (values, best)]
    test = stats.ttest_ind_from_stats(*samples[0], *samples[1], equal_var=False)
    return bool(test.pvalue > 1 - CONFIDENCE)


def _candidate(name: str, runs: Sequence[RunRecord], rank: int, best: Sequence[float]) -> Candidate:
    values = _values(runs)
    completed = [run for run in runs if run.status == "completed"]
    parameters = [run.parameters for run in runs if run.parameters is not None]
    return Candidate(
        name=name,
        overrides=candidate_overrides(runs[0].overrides),
        rank=rank if values else None,
        mean=float(np.mean(values)) if values else None,
        std=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        ci95=interval(values),
        n=len(values),
        runs=[run.id for run in runs],
        parameters=parameters[0] if parameters else None,
        train_seconds=_average(run.train_seconds for run in completed),
        seconds_per_prediction=_average(run.seconds_per_prediction for run in completed),
        status_counts=dict(Counter(run.status for run in runs)),
        tied_with_best=tied(values, best),
    )


def _values(runs: Iterable[RunRecord]) -> list[float]:
    return [
        run.metric.value
        for run in runs
        if run.status == "completed" and run.metric.value is not None
    ]


def _average(values: Iterable[float | None]) -> float | None:
    """The mean of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _incomplete(runs: Sequence[RunRecord]) -> int:
    """0: all completed; 1: some; 2: none."""
    done = len(_values(runs))
    return 0 if done == len(runs) else 1 if done else 2


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.inf


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    low, high = row.pop("ci95") or (None, None)
    row["ci95_low"], row["ci95_high"] = low, high
    row["overrides"], row["runs"] = " ".join(row["overrides"]), " ".join(row["runs"])
    row["status_counts"] = " ".join(f"{k}={n}" for k, n in row["status_counts"].items())
    return row
