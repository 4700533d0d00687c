"""Run records -> leaderboard: a candidate is picked from validation results only."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from bakeoff.errors import BakeoffError
from bakeoff.identity.candidate import candidate_overrides
from bakeoff.select import part
from bakeoff.select.baselines import baseline_rows, unbeaten
from bakeoff.select.costs import fronts, mean_costs
from bakeoff.select.finals import fresh_seeds, held_out
from bakeoff.select.folds import (
    fold_count,
    overlap,
    replicate_values,
    unequal_folds,
    value_of,
)
from bakeoff.select.judgement import CONFIDENCE, Judgement, judge
from bakeoff.select.leaderboard import Candidate, Leaderboard
from bakeoff.select.mixed import mixed
from bakeoff.select.problems import PlannedRun, incomparable, missing, unfinished
from bakeoff.select.statistics.means import mean_interval
from bakeoff.select.statistics.words import replicates
from bakeoff.select.winner import hold_finals, select_in
from bakeoff.store.record import Direction, RunRecord
from bakeoff.sweep.compose.names import candidate_names
from bakeoff.sweep.data_seen import data_seen
from bakeoff.sweep.selection import EARLIER, Selection


def select(
    records: Sequence[RunRecord],
    planned: Iterable[PlannedRun] = (),
    command: Callable[[str], str] = "bakeoff run {}".format,
    selection: Selection = EARLIER,
    baselines: Iterable[RunRecord] = (),
    problem: str = "",
) -> Leaderboard:
    """Rank the candidates of a sweep by the mean of the task's metric over their replicates.

    A candidate of which a replicate did not complete ranks behind those that completed all: what is
    left of it would be chosen by luck. Selected is the first in rank that the judgement does not exclude
    from the best, or as `selection` says. `command(experiment)` extends the sweep, with seeds that are
    added at its end: it is named where more seeds would tell more.

    The records of `baselines` are beside the candidates, and no part of the selection.

    There is no winner, and no rank, while a run of the plan has not ended, where candidates were
    evaluated on different data or folds, or where a `problem` of the whole sweep is given: the board's
    `problems` say so. Raises BakeoffError without records, or with records of different metrics.
    """
    _refuse_mixed(records)
    first, planned = records[0], list(planned)
    direction = first.metric.direction
    every = [*records, *missing(records, planned)]
    held = held_out(planned, selection.finalist_seeds) if selection.finalists else set()
    runs = [run for run in every if run.id not in held]
    ranked = _ranked(runs, planned, direction)
    problems = [
        *filter(None, [problem]),
        *unfinished(every),
        *incomparable(every),
        *unequal_folds(every),
        *part.unfit(every),
    ]
    judged = None
    if not problems:
        judged = judge(ranked, direction, command(first.experiment), selection.margin)
    folds = fold_count(runs)
    board = Leaderboard(
        experiment=first.experiment,
        task=first.task,
        metric=first.metric.name,
        direction=direction,
        candidates=_rows(ranked, judged, overlap(folds), direction),
        selected=None,
        selected_run=None,
        problems=problems,
        notes=judged.notes if judged else [],
        part=part.said(every),
        mixed=mixed(every),
        replicates=replicates(folds),
        baselines=baseline_rows(baselines, _fingerprints(records), direction),
    )
    if judged is not None:
        select_in(board, ranked, judged, selection)
        if selection.finalists and board.selected is not None:
            fresh = [run for run in every if run.id in held]
            hold_finals(board, fresh, fresh_seeds(planned, selection.finalist_seeds), selection)
    board.unbeaten = unbeaten(_reported_means(board), board.baselines, direction)
    return board


def _fingerprints(records: Sequence[RunRecord]) -> set[str | None]:
    """Those of the data that candidates were measured on; where none was, that they were trained on."""
    seen = {one for of_fold in data_seen(records).values() for one in of_fold}
    return seen or {run.data_fingerprint for run in records}


def _refuse_mixed(records: Sequence[RunRecord]) -> None:
    if not records:
        raise BakeoffError(
            "no run records in this sweep: nothing has started, or it is no sweep's folder"
        )
    metrics = {(run.task, run.metric.name, run.metric.direction) for run in records}
    if len(metrics) > 1:
        raise BakeoffError(
            f"runs of different tasks or metrics cannot be compared: {sorted(metrics)}"
        )


def _ranked(
    runs: Sequence[RunRecord], planned: Sequence[PlannedRun], direction: Direction
) -> dict[str, list[RunRecord]]:
    """The runs of each candidate by its name, best first."""
    groups: dict[str, list[RunRecord]] = {}
    for run in runs:
        groups.setdefault(run.candidate_id or run.candidate, []).append(run)
    # A sweep that was extended may have renamed a candidate since its runs were recorded.
    called = {job.candidate_id: job.candidate for job in planned}
    words = {key: called.get(key, own[0].candidate).split(" ") for key, own in groups.items()}
    names = candidate_names(words)
    sign = -1 if direction == "max" else 1
    ranked = sorted(
        ((names[key], own) for key, own in groups.items()),
        key=lambda item: (_incomplete(item[1]), sign * _mean(replicate_values(item[1])), item[0]),
    )
    return dict(ranked)


def _rows(
    ranked: Mapping[str, Sequence[RunRecord]],
    judged: Judgement | None,
    test_to_train: float,
    direction: Direction,
) -> list[Candidate]:
    """The rows of the candidates, with the Pareto fronts of those that have completed all their runs."""
    rows = [
        _candidate(name, own, rank, judged, test_to_train)
        for rank, (name, own) in enumerate(ranked.items(), start=1)
    ]
    whole = [row for row in rows if row.rank and row.n == sum(row.status_counts.values())]
    found = fronts([(row.name, row.mean, row.costs) for row in whole], direction)
    for row in whole:
        row.pareto = found[row.name]
    return rows


def _reported_means(board: Leaderboard) -> list[tuple[str, float | None]]:
    """The mean of each ranked candidate; of a finalist that on fresh seeds."""
    return [
        (row.name, row.fresh["mean"] if row.fresh else row.mean)
        for row in board.candidates
        if row.rank is not None
    ]


def _candidate(
    name: str,
    runs: Sequence[RunRecord],
    rank: int,
    judged: Judgement | None,
    test_to_train: float,
) -> Candidate:
    values = replicate_values(runs)
    completed = [run for run in runs if run.status == "completed"]
    parameters = [run.parameters for run in runs if run.parameters is not None]
    return Candidate(
        name=name,
        overrides=candidate_overrides(runs[0].overrides),
        rank=rank if values and judged else None,
        mean=float(np.mean(values)) if values else None,
        std=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        ci95=mean_interval(values, CONFIDENCE, test_to_train),
        n=_completed(runs),
        runs=[run.id for run in runs],
        parameters=parameters[0] if parameters else None,
        train_seconds=_average(run.train_seconds for run in completed),
        seconds_per_prediction=_average(run.seconds_per_prediction for run in completed),
        status_counts=dict(Counter(run.status for run in runs)),
        tied_with_best=judged is not None and name in judged.tied,
        verdict=judged.verdicts[name] if judged else "",
        to_best=judged.to_best[name] if judged else None,
        practical=judged.practical.get(name) if judged else None,
        to_leader=judged.to_leader.get(name) if judged else None,
        candidate_id=runs[0].candidate_id,
        costs=mean_costs(completed),
    )


def _completed(runs: Iterable[RunRecord]) -> int:
    return sum(value_of(run) is not None for run in runs)


def _average(values: Iterable[float | None]) -> float | None:
    """The mean of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _incomplete(runs: Sequence[RunRecord]) -> int:
    """0: all completed; 1: some; 2: none."""
    done = _completed(runs)
    return 0 if done == len(runs) else 1 if done else 2


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.inf
