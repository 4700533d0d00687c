"""What the candidates of a sweep must beat, as rows of its leaderboard."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bakeoff.identity.candidate import candidate_overrides
from bakeoff.store.record import Direction, RunRecord


@dataclass
class BaselineRow:
    """A baseline. `mean` and `std` are over the folds of the data, where there are several; None where it
    has no value. `note` says what to know of it: how many examples it was fitted to, or why it has none.
    """

    name: str
    mean: float | None
    std: float | None
    n: int
    runs: list[str]
    train_seconds: float | None
    seconds_per_prediction: float | None
    status_counts: dict[str, int]
    note: str = ""


def baseline_rows(
    records: Iterable[RunRecord], fingerprints: Collection[str], direction: Direction
) -> list[BaselineRow]:
    """The baselines by their means, best first, then those without a value.

    `fingerprints` are those of the candidates' data: what was measured on other data does not count.
    """
    groups: dict[tuple[str, ...], list[RunRecord]] = {}
    for run in records:
        groups.setdefault((run.candidate, *candidate_overrides(run.overrides)), []).append(run)
    count = Counter(name for name, *_ in groups)
    rows = [
        _row(name if count[name] == 1 else " ".join([name, *words]), runs, fingerprints)
        for (name, *words), runs in groups.items()
    ]
    sign = -1 if direction == "max" else 1
    return sorted(rows, key=lambda r: (r.mean is None, sign * (r.mean or 0), r.name))


def unbeaten(
    candidates: Iterable[tuple[str, float | None]],
    baselines: Sequence[BaselineRow],
    direction: Direction,
) -> list[str]:
    """The candidates (name, mean) that are not better than the best baseline."""
    if not baselines or (floor := baselines[0].mean) is None:
        return []
    return [
        name
        for name, mean in candidates
        if mean is not None and not (mean > floor if direction == "max" else mean < floor)
    ]


def _row(name: str, runs: Sequence[RunRecord], fingerprints: Collection[str]) -> BaselineRow:
    done = [run for run in runs if run.status == "completed"]
    valid = [run for run in done if run.data_fingerprint in fingerprints]
    values = [run.metric.value for run in valid if run.metric.value is not None]
    notes = [run.error for run in runs if run.error] + [run.note for run in runs if run.note]
    if len(valid) < len(done):
        notes.insert(0, "measured on other data than the candidates': it does not count")
    whole = len(values) == len(runs)  # the mean of some folds is not that of all
    return BaselineRow(
        name=name,
        mean=float(np.mean(values)) if whole else None,
        std=float(np.std(values, ddof=1)) if whole and len(values) > 1 else None,
        n=len(values),
        runs=[run.id for run in runs],
        train_seconds=_average(run.train_seconds for run in done),
        seconds_per_prediction=_average(run.seconds_per_prediction for run in done),
        status_counts=dict(Counter(run.status for run in runs)),
        note=notes[0] if notes else "",
    )


def _average(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
