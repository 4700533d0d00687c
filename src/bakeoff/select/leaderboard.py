"""Run records -> leaderboard: a candidate is picked from validation results only."""

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bakeoff.errors import BakeoffError
from bakeoff.run.candidate import candidate_overrides
from bakeoff.select.baselines import BaselineRow, baseline_rows, unbeaten
from bakeoff.select.choice import chosen_candidate, chosen_run
from bakeoff.select.costs import MEASURED, fronts, mean_costs
from bakeoff.select.finals import finalists, fresh_row, fresh_seeds, held_out, hold
from bakeoff.select.judgement import (
    CONFIDENCE,
    Judgement,
    fold,
    fold_count,
    judge,
    overlap,
    value_of,
)
from bakeoff.select.statistics.means import mean_interval
from bakeoff.select.statistics.words import replicates
from bakeoff.store import atomic
from bakeoff.store.printable import printable
from bakeoff.store.record import ENDED, Direction, RunRecord
from bakeoff.sweep.names import candidate_names
from bakeoff.sweep.selection import EARLIER, Selection

MISSING = "missing"  # a planned run without a record
FORMULA = ("=", "+", "-", "@", "\t", "\n")
JSON_NAME, CSV_NAME = "leaderboard.json", "leaderboard.csv"


@dataclass
class Candidate:
    """A row of the leaderboard. `mean`, `std` (of the sample) and `ci95` (Student's t) are over the n
    completed replicates; None where there are too few. `train_seconds` and
    `seconds_per_prediction` are their means.

    `verdict` says what may be claimed of the candidate, `to_best` is the interval of its mean minus the
    best of the others' means, and `tied_with_best` whether the data cannot tell it apart from the best
    (`bakeoff.select.judgement`). `to_leader` holds the `mean` of the candidate minus that of the `leader`
    over the `n` replicates that both have, its `ci95`, as if no other difference were looked at, and the
    `analysis` (`bakeoff.select.statistics.pooled`). `practical` holds the probabilities that the candidate
    is `better` than the `leader` by more than the `margin`, `equal` within it, or `worse`. Both are None
    for the leader itself.
    `fresh` holds `mean`, `std`, `ci95`, `n` and `runs` of a finalist on fresh seeds: none of it is in the
    numbers beside it.

    `costs` are means over the completed runs (`bakeoff.select.costs`), and `pareto` names those of them for
    which no other candidate gives more for the same cost, or as much for less.
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
    verdict: str = ""
    to_best: tuple[float | None, float | None] | None = None
    practical: dict[str, Any] | None = None
    candidate_id: str | None = None
    fresh: dict[str, Any] | None = None
    costs: dict[str, float] = field(default_factory=dict)
    pareto: list[str] = field(default_factory=list)
    to_leader: dict[str, Any] | None = None


@dataclass
class Leaderboard:
    """What `leaderboard.json` holds.

    `selected` and `selected_run` are None where no run completed, and where `problems` say why these
    results have no winner: then no candidate has a rank. `selected_by` says why this candidate and this
    run of it. `notes` say how the candidates were compared, `replicates` what the intervals are over.
    `baselines` are what the candidates must beat, best first, `unbeaten` those that are not better than the
    best of them.
    `earlier_openings` are those of the same test data, by other sweeps or for an earlier selection, before
    they were opened for this one; `after_opening` says what this sweep trained after it had opened the test
    set, so that the selection came after that too; empty where nothing was (`bakeoff.select.ledger`).
    `sealed_test_ci95` holds the interval of each metric of `sealed_test`, None where there is none, over
    `sealed_test_units`; `sealed_test_gap` says how far the result is from validation;
    `sealed_test_against`: where the test set was opened for all that may be the best, the `value` of the
    others, and the `difference`, the selected one's minus theirs.

    `finals` holds what fresh seeds say of the finalists: their `seeds`, the `finalists`, the
    `winners_curse`, the mean of the winner on the seeds that chose it minus that on fresh ones, the
    differences of all `pairs` with Holm's correction, and what is `said` of it. `awaits` names the
    `candidates`, by id, that are to be trained on the fresh `seeds` before there is a winner.
    """

    experiment: str
    task: str
    metric: str
    direction: Direction
    candidates: list[Candidate]
    selected: str | None
    selected_run: str | None
    sealed_test: dict[str, float | None] | None = None
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    baselines: list[BaselineRow] = field(default_factory=list)
    unbeaten: list[str] = field(default_factory=list)
    earlier_openings: list[dict[str, Any]] = field(default_factory=list)
    selected_by: str = ""
    replicates: str = ""
    after_opening: str = ""
    sealed_test_ci95: dict[str, Any] = field(default_factory=dict)
    sealed_test_units: str = ""
    sealed_test_gap: str = ""
    sealed_test_against: list[dict[str, Any]] = field(default_factory=list)
    finals: dict[str, Any] | None = None
    awaits: dict[str, Any] | None = None

    def write(self, sweep_dir: Path) -> None:
        """Write `leaderboard.json` and the same table flat, `leaderboard.csv`."""
        content = asdict(self)
        atomic.write_json(sweep_dir / JSON_NAME, content)
        table = io.StringIO()
        rows = [_flat(row) for row in content["candidates"]]
        writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
        atomic.write_text(sweep_dir / CSV_NAME, table.getvalue())


def _cell(value: Any) -> Any:
    """A cell of a CSV file; a text that a spreadsheet would take for a formula is marked as text."""
    if not isinstance(value, str):
        return value
    value = printable(value)
    return f"'{value}" if value.startswith(FORMULA) else value


class PlannedRun(Protocol):
    """What the plan of a sweep knows of a run before it starts."""

    id: str
    candidate: str
    candidate_id: str
    seed: int
    overrides: Sequence[str]


def select(
    records: Sequence[RunRecord],
    planned: Iterable[PlannedRun] = (),
    command: Callable[[str], str] = "bakeoff run {}".format,
    selection: Selection = EARLIER,
    baselines: Iterable[RunRecord] = (),
) -> Leaderboard:
    """Rank the candidates of a sweep by the mean of the task's metric over their replicates.

    A candidate of which a replicate did not complete ranks behind those that completed all: what is
    left of it would be chosen by luck. Selected is the first in rank that the judgement does not exclude
    from the best, or as `selection` says. `command(experiment)` extends the sweep, with seeds that are
    added at its end: it is named where more seeds would tell more.

    The records of `baselines` are beside the candidates, and no part of the selection.

    There is no winner, and no rank, while a run of the plan has not ended, or where candidates were
    evaluated on different data: the board's `problems` say so. Raises BakeoffError without
    records, or with records of different metrics.
    """
    if not records:
        raise BakeoffError(
            "no run records in this sweep: nothing has started, or it is no sweep's folder"
        )
    first = records[0]
    metrics = {(run.task, run.metric.name, run.metric.direction) for run in records}
    if len(metrics) > 1:
        raise BakeoffError(
            f"runs of different tasks or metrics cannot be compared: {sorted(metrics)}"
        )
    planned = list(planned)
    every = [*records, *_missing(records, planned)]
    held = held_out(planned, selection.finalist_seeds) if selection.finalists else set()
    runs = [run for run in every if run.id not in held]
    groups: dict[str, list[RunRecord]] = {}
    for run in runs:
        groups.setdefault(run.candidate_id or run.candidate, []).append(run)
    # A sweep that was extended may have renamed a candidate since its runs were recorded.
    called = {job.candidate_id: job.candidate for job in planned}
    words = {key: called.get(key, own[0].candidate).split(" ") for key, own in groups.items()}
    names = candidate_names(words)
    sign = -1 if first.metric.direction == "max" else 1
    ranked = sorted(
        ((names[key], own) for key, own in groups.items()),
        key=lambda item: (_incomplete(item[1]), sign * _mean(_values(item[1])), item[0]),
    )
    problems = [*_unfinished(every), *_incomparable(every)]
    judged = None
    if not problems:
        again = command(first.experiment)
        judged = judge(dict(ranked), first.metric.direction, again, selection.margin)
    folds = fold_count(runs)
    candidates = [
        _candidate(name, own, rank, judged, overlap(folds))
        for rank, (name, own) in enumerate(ranked, start=1)
    ]
    _enter_fronts(candidates, first.metric.direction)
    floor = baseline_rows(
        baselines, {run.data_fingerprint for run in records}, first.metric.direction
    )
    board = Leaderboard(
        experiment=first.experiment,
        task=first.task,
        metric=first.metric.name,
        direction=first.metric.direction,
        candidates=candidates,
        selected=None,
        selected_run=None,
        problems=problems,
        notes=judged.notes if judged else [],
        replicates=replicates(folds),
        baselines=floor,
    )
    if judged is not None:
        _select_in(board, dict(ranked), judged, selection)
        if selection.finalists and board.selected is not None:
            fresh = [run for run in every if run.id in held]
            _hold_finals(board, fresh, fresh_seeds(planned, selection.finalist_seeds), selection)
    ranks = [
        (row.name, row.fresh["mean"] if row.fresh else row.mean)
        for row in candidates
        if row.rank is not None
    ]
    board.unbeaten = unbeaten(ranks, floor, board.direction)
    return board


def _enter_fronts(candidates: Sequence[Candidate], direction: Direction) -> None:
    """Enter the Pareto fronts of the candidates that have completed all their runs."""
    whole = [row for row in candidates if row.rank and row.n == sum(row.status_counts.values())]
    found = fronts([(row.name, row.mean, row.costs) for row in whole], direction)
    for row in whole:
        row.pareto = found[row.name]


def _select_in(
    board: Leaderboard,
    runs: Mapping[str, Sequence[RunRecord]],
    judged: Judgement,
    selection: Selection,
) -> None:
    """Enter the selected candidate and its selected run, where one of its runs has a value."""
    rows = {row.name: row for row in board.candidates}
    name, why = chosen_candidate(
        ranked=list(rows),
        tied=judged.tied,
        is_claimed=bool(judged.members),
        prefer=selection.prefer,
        cost=lambda name: getattr(rows[name], selection.prefer),
    )
    completed = [run for run in runs[name] if value_of(run) is not None]
    if completed:
        run, which = chosen_run(completed, selection.run, board.direction)
        board.selected, board.selected_run, board.selected_by = name, run.id, f"{why}; {which}"


def _hold_finals(
    board: Leaderboard, fresh: Sequence[RunRecord], seeds: Sequence[int], selection: Selection
) -> None:
    """Let the finalists' fresh runs decide; without them, or without a complete finalist, there is no
    winner.
    """
    rows = finalists(board.candidates, board.selected, selection.finalists)
    own = {row.name: [run for run in fresh if run.candidate_id == row.candidate_id] for row in rows}
    lacking = [row for row in rows if {run.seed for run in own[row.name]} != set(seeds)]
    if lacking:
        board.awaits = {"candidates": [row.candidate_id for row in lacking], "seeds": list(seeds)}
        names = ", ".join(row.name for row in lacking)
        _no_winner(
            board,
            f"The finalists {names} are not trained on fresh seeds yet: `bakeoff resume SWEEP` goes on "
            "with them. Before that this sweep has no winner.",
        )
        return
    test_to_train = overlap(fold_count(fresh))
    for row in rows:
        row.fresh = fresh_row(own[row.name], test_to_train)
    found = hold(rows, own, seeds, board.direction, selection.run)
    if found is None:
        _no_winner(
            board,
            "No finalist completed all its runs on fresh seeds, so that nothing tells how good the winner "
            "is: `bakeoff resume SWEEP --failed` trains them again.",
        )
        return
    board.selected, run, board.selected_by, board.finals = found
    board.selected_run = run.id


def _no_winner(board: Leaderboard, problem: str) -> None:
    board.problems.append(problem)
    board.selected, board.selected_run, board.selected_by = None, None, ""
    for row in board.candidates:
        row.rank = None


def _missing(records: Sequence[RunRecord], planned: Iterable[PlannedRun]) -> list[RunRecord]:
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


def _unfinished(runs: Sequence[RunRecord]) -> list[str]:
    open_runs = Counter(run.status for run in runs if run.status not in ENDED)
    if not open_runs:
        return []
    counts = ", ".join(f"{count} {status}" for status, count in open_runs.items())
    return [
        f"This sweep is not finished: of {len(runs)} planned runs, {counts}. It has no winner before every "
        "run has ended."
    ]


def _incomparable(runs: Sequence[RunRecord]) -> list[str]:
    """Runs of one fold must be evaluated on the same data; the folds of a candidate differ by intent."""
    by_fold: dict[str, dict[str, list[str]]] = {}
    for run in runs:
        if run.data_fingerprint is not None:
            candidates = by_fold.setdefault(fold(run), {}).setdefault(run.data_fingerprint, [])
            candidates.append(run.candidate)
    worst = max(by_fold.values(), key=len, default={})
    if len(worst) < 2:
        return []
    sides = "; ".join(
        f"{fingerprint[:12]}: {', '.join(dict.fromkeys(candidates))}"
        for fingerprint, candidates in worst.items()
    )
    return [
        "The runs were not evaluated on the same data, so their numbers do not compare and there is no "
        f"winner. By data fingerprint: {sides}. Compare candidates in sweeps that share data, splits and "
        "targets."
    ]


def _candidate(
    name: str,
    runs: Sequence[RunRecord],
    rank: int,
    judged: Judgement | None,
    test_to_train: float,
) -> Candidate:
    values = _values(runs)
    completed = [run for run in runs if run.status == "completed"]
    parameters = [run.parameters for run in runs if run.parameters is not None]
    return Candidate(
        name=name,
        overrides=candidate_overrides(runs[0].overrides),
        rank=rank if values and judged else None,
        mean=float(np.mean(values)) if values else None,
        std=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        ci95=mean_interval(values, CONFIDENCE, test_to_train),
        n=len(values),
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


def _values(runs: Iterable[RunRecord]) -> list[float]:
    return [value for run in runs if (value := value_of(run)) is not None]


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
    row["to_best_low"], row["to_best_high"] = row.pop("to_best") or (None, None)
    to_leader = row.pop("to_leader") or {}
    row["to_leader"] = to_leader.get("mean")
    row["to_leader_low"], row["to_leader_high"] = to_leader.get("ci95") or (None, None)
    practical = row.pop("practical") or {}
    row |= {key: practical.get(key) for key in ("better", "equal", "worse")}
    fresh = row.pop("fresh") or {}
    row |= {f"fresh_{key}": fresh.get(key) for key in ("mean", "std", "n")}
    row["fresh_ci95_low"], row["fresh_ci95_high"] = fresh.get("ci95") or (None, None)
    row["fresh_runs"] = " ".join(fresh.get("runs", ()))
    costs = row.pop("costs")
    row |= {name: costs.get(name) for name in MEASURED if name not in row}
    row["pareto"] = " ".join(row["pareto"])
    row["overrides"], row["runs"] = " ".join(row["overrides"]), " ".join(row["runs"])
    row["status_counts"] = " ".join(f"{k}={n}" for k, n in row["status_counts"].items())
    return row
