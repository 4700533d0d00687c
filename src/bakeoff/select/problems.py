"""Why a sweep has no winner: runs that have not ended or left no record, and runs on different data."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from bakeoff.store.record import ENDED, RunRecord
from bakeoff.sweep.data_seen import data_seen

MISSING = "missing"  # a planned run without a record


class PlannedRun(Protocol):
    """What the plan of a sweep knows of a run before it starts."""

    id: str
    candidate: str
    candidate_id: str
    seed: int
    overrides: Sequence[str]


def missing(records: Sequence[RunRecord], planned: Iterable[PlannedRun]) -> list[RunRecord]:
    """A record in place of each planned run that has left none, with the status `missing`."""
    there, first = {run.id for run in records}, records[0]
    return [
        replace(
            first,
            id=job.id,
            status=MISSING,
            candidate=job.candidate,
            candidate_id=job.candidate_id,
            seed=job.seed,
            overrides=list(job.overrides),
            metric=replace(first.metric, value=None, epoch=None),
            metrics={},
            parameters=None,
            data_fingerprint=None,
        )
        for job in planned
        if job.id not in there
    ]


def unfinished(runs: Sequence[RunRecord]) -> list[str]:
    open_runs = Counter(run.status for run in runs if run.status not in ENDED)
    if not open_runs:
        return []
    counts = ", ".join(f"{count} {status}" for status, count in open_runs.items())
    return [
        f"This sweep is not finished: of {len(runs)} planned runs, {counts}. It has no winner before every "
        "run has ended."
    ]


def incomparable(runs: Sequence[RunRecord]) -> list[str]:
    """Completed runs of one fold must be evaluated on the same data; folds differ by intent."""
    worst = max(data_seen(runs).values(), key=len, default={})
    if len(worst) < 2:
        return []
    sides = "; ".join(
        f"{fingerprint[:12]}: {', '.join(candidates)}" for fingerprint, candidates in worst.items()
    )
    return [
        "The runs were not evaluated on the same data, so their numbers do not compare and there is no "
        f"winner. By data fingerprint: {sides}. Compare candidates in sweeps that share data, splits and "
        "targets."
    ]
