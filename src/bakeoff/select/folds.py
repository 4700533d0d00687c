"""Runs of several folds of the data: which fold each is of, and what its candidate has on each."""

from collections.abc import Iterable, Sequence

import numpy as np

from bakeoff.identity.candidate import FOLD, fold_of
from bakeoff.select.statistics.blocks import Table, arrange, averaged
from bakeoff.store.record import RunRecord


def value_of(run: RunRecord) -> float | None:
    """The value by which a run is compared; None for one that did not complete."""
    return run.metric.value if run.status == "completed" else None


def fold(run: RunRecord) -> str:
    """The override that names the fold of the data, empty without folds."""
    return fold_of(run.overrides)


def fold_count(runs: Iterable[RunRecord]) -> int:
    """The number of different folds that runs are of, 1 without folds."""
    return len({fold(run) for run in runs})


def overlap(folds: int) -> float:
    """n_test / n_train of the folds of a cross-validation, 0 without folds: a fold tests 1 part for the
    folds - 1 parts that it trains on, and these overlap with those of the other folds.
    """
    return 1 / (folds - 1) if folds > 1 else 0.0


def arranged(runs: Iterable[tuple[str, RunRecord]]) -> Table:
    """The values of runs, each given with the name of its candidate: a column for each seed, or for each
    fold where there are several. The seeds of a fold are tested on the same data, and count as one by their
    mean. Raises BakeoffError where a candidate has two runs of one seed and fold.
    """
    runs = list(runs)
    table = arrange((name, (run.seed, fold(run)), value_of(run)) for name, run in runs)
    if fold_count(run for _, run in runs) == 1:
        return table
    return averaged(table, lambda replicate: replicate[1])


def replicate_values(runs: Sequence[RunRecord]) -> list[float]:
    """The values of a candidate's completed runs; of several folds the mean of each fold's runs."""
    by_fold: dict[str, list[float]] = {}
    for run in runs:
        if (value := value_of(run)) is not None:
            by_fold.setdefault(fold(run), []).append(value)
    if fold_count(runs) == 1:
        return [value for values in by_fold.values() for value in values]
    return [float(np.mean(values)) for values in by_fold.values()]


def unequal_folds(runs: Iterable[RunRecord]) -> list[str]:
    """Why there is no winner where one candidate has folds that another one lacks: folds are not equally
    hard.
    """
    names: dict[str, str] = {}
    folds: dict[str, dict[str, None]] = {}
    for run in runs:
        key = run.candidate_id or run.candidate
        names.setdefault(key, run.candidate)
        folds.setdefault(key, {})[fold(run) or f"no {FOLD}"] = None
    if len({frozenset(own) for own in folds.values()}) < 2:
        return []
    sides = "; ".join(f"{names[key]}: {', '.join(sorted(own))}" for key, own in folds.items())
    return [
        "The candidates were not evaluated on the same folds of the data, so their numbers do not compare "
        f"and there is no winner. {sides}. `bakeoff extend SWEEP {FOLD}=...` with all folds adds what is "
        "missing."
    ]
