"""Finalists: the leading candidates on fresh seeds, which alone tell the winner's performance."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from bakeoff.select.choice import chosen_run
from bakeoff.select.folds import arranged, fold_count, overlap, replicate_values, value_of
from bakeoff.select.judgement import CONFIDENCE
from bakeoff.select.statistics.challenge import challenge
from bakeoff.select.statistics.holm import Pair
from bakeoff.select.statistics.means import mean_interval
from bakeoff.store.plan_file import FINALIST
from bakeoff.store.record import Direction, RunRecord
from bakeoff.sweep.selection import RunChoice


class PlannedRun(Protocol):
    """What the plan of a sweep knows of a run."""

    id: str
    candidate_id: str
    seed: int
    role: str


class Row(Protocol):
    """A candidate's row of the leaderboard."""

    name: str
    candidate_id: str | None
    rank: int | None
    mean: float | None
    n: int
    runs: list[str]


def finalists(rows: Sequence[Row], selected: str, count: int) -> list[Row]:
    """The selected candidate, and the next in rank, up to `count`; only those that completed all runs."""
    first = [row for row in rows if row.name == selected]
    others = [row for row in rows if row.name != selected and row.n == len(row.runs)]
    return [*first, *others][:count]


def held_out(jobs: Iterable[PlannedRun], count: int) -> set[str]:
    """The ids of the finalists' runs that no first selection may see. A finalist's run on a seed that is
    no longer fresh counts as any other.
    """
    jobs = list(jobs)
    seeds = fresh_seeds(jobs, count)
    return {job.id for job in jobs if job.role == FINALIST and job.seed in seeds}


def fresh_seeds(jobs: Iterable[PlannedRun], count: int) -> list[int]:
    """Seeds that no run of the first selection has: those of the finalists that are planned, where they
    are as many and still fresh, or else the first ones above all that were ever planned.
    """
    jobs = list(jobs)
    used = {job.seed for job in jobs if job.role != FINALIST}
    before = sorted({job.seed for job in jobs if job.role == FINALIST})
    if len(before) == count and not used.intersection(before):
        return before
    start = max((job.seed for job in jobs), default=-1) + 1
    return list(range(start, start + count))


def fresh_row(runs: Sequence[RunRecord], test_to_train: float) -> dict[str, Any]:
    """What `Candidate.fresh` holds."""
    values = replicate_values(runs)
    return {
        "mean": float(np.mean(values)) if values else None,
        "std": float(np.std(values, ddof=1)) if len(values) > 1 else None,
        "ci95": mean_interval(values, CONFIDENCE, test_to_train),
        "n": sum(value_of(run) is not None for run in runs),
        "runs": [run.id for run in runs],
        "status_counts": dict(Counter(run.status for run in runs)),
    }


def hold(
    rows: Sequence[Row],
    fresh: Mapping[str, Sequence[RunRecord]],
    seeds: Sequence[int],
    direction: Direction,
    choice: RunChoice,
) -> tuple[str, RunRecord, str, dict[str, Any]] | None:
    """The winner among the finalists `rows`, the first selection first, by their `fresh` runs by name; its
    selected run, why, and what `Leaderboard.finals` holds. None where no finalist completed all its fresh
    runs: what is left of one would be chosen by luck.
    """
    complete = [
        row
        for row in rows
        if all(value_of(run) is not None for run in fresh[row.name]) and fresh[row.name]
    ]
    if not complete:
        return None
    runs = [(row.name, run) for row in complete for run in fresh[row.name]]
    test_to_train = overlap(fold_count(run for _, run in runs))
    first = complete[0]
    found = challenge(first.name, arranged(runs), direction, CONFIDENCE, test_to_train)
    winner = next(row for row in complete if row.name == found.winner)
    run, which = chosen_run(fresh[winner.name], choice, direction, "fresh")
    own = fresh_row(fresh[winner.name], test_to_train)
    finals = {
        "seeds": list(seeds),
        "finalists": [row.name for row in rows],
        "winners_curse": winner.mean - own["mean"],
        "pairs": [_pair(pair) for pair in found.pairs],
        "said": [
            _performance(winner.name, own),
            _curse(winner.mean, own["mean"], direction),
            *(_lost(row.name, fresh[row.name]) for row in rows if row not in complete),
            *map(_pair_words, found.pairs),
        ],
    }
    return winner.name, run, f"{_why(rows[0], first, winner)}; {which}", finals


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "a": pair.a,
        "b": pair.b,
        "difference": pair.difference.mean,
        "ci95": (pair.difference.low, pair.difference.high),
        "p": pair.difference.p,
        "adjusted_p": pair.adjusted_p,
        "n": pair.difference.n,
    }


def _why(selected: Row, first: Row, winner: Row) -> str:
    if winner is not first:
        return f"shown better than {first.name}, the first selection, on fresh seeds"
    if first is not selected:
        return f"the next finalist: {selected.name}, the first selection, lost a fresh run"
    return "the first selection, which fresh seeds do not show worse than another finalist"


def _performance(name: str, own: Mapping[str, Any]) -> str:
    low, high = own["ci95"]
    return (
        f"{name} reaches {own['mean']:.4g} on {own['n']} fresh runs, 95 % interval {low:.4g} to "
        f"{high:.4g}: this is its performance"
    )


def _curse(chosen: float, fresh: float, direction: Direction) -> str:
    better = chosen - fresh if direction == "max" else fresh - chosen
    if better <= 0:
        return f"on the seeds of the first selection it had {chosen:.4g}, which did not flatter it"
    return (
        f"on the seeds that chose it, it had {chosen:.4g}, {better:.4g} better: the winner's curse, "
        "corrected by the fresh runs"
    )


def _lost(name: str, runs: Sequence[RunRecord]) -> str:
    lost = sum(value_of(run) is None for run in runs)
    return f"{name} lost {lost} of its {len(runs)} fresh runs: it is not compared"


def _pair_words(pair: Pair) -> str:
    difference = pair.difference
    return (
        f"{pair.a} minus {pair.b} on fresh seeds: {difference.mean:+.4g}, 95 % interval "
        f"{difference.low:+.4g} to {difference.high:+.4g}, p = {pair.adjusted_p:.2g} after Holm's "
        "correction"
    )
