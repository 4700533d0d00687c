"""Several sweeps side by side: whether they compare, and the candidates that they share."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.report.evidence import Evidence, read_evidence
from bakeoff.select.folds import fold, value_of
from bakeoff.select.mixed import several, versions
from bakeoff.sweep.commands import sweep_name
from bakeoff.sweep.data_seen import data_seen


def read_sweeps(folders: Sequence[Path]) -> list[Evidence]:
    """The evidence of at least two sweeps that were selected by one metric of one task.

    Raises BakeoffError: numbers of different metrics say nothing of each other.
    """
    if len({folder.resolve() for folder in folders}) < 2:
        given = f"; all {len(folders)} are {sweep_name(folders[0])}" if len(folders) > 1 else ""
        raise BakeoffError(
            f"compare needs two sweeps or more: give their folders, or EXPERIMENT/latest{given}"
        )
    sweeps = [read_evidence(folder) for folder in folders]
    measured = {
        (s.board["task"], s.board["metric"], s.board["direction"]): sweep_name(s.folder)
        for s in sweeps
    }
    if len(measured) > 1:
        found = "; ".join(
            f"{where}: {task}, {metric}" for (task, metric, _), where in measured.items()
        )
        raise BakeoffError(
            f"these sweeps cannot be compared, their tasks or metrics differ: {found}"
        )
    return sweeps


def measured(sweep: Evidence) -> dict[str, Any] | None:
    """How good a sweep's selected candidate is: its row, or its runs on fresh seeds where finalists have
    such runs, as the ones that chose it flatter it. None without a winner.
    """
    own = sweep.selected
    return own["fresh"] if own and sweep.board["finals"] and own["fresh"] else own


def by_data(sweeps: Sequence[Evidence]) -> list[list[Evidence]]:
    """The sweeps whose runs were evaluated on the same data and folds together, in the order given."""
    found: dict[frozenset[tuple[str, str]], list[Evidence]] = {}
    for sweep in sweeps:
        by_fold = data_seen(sweep.records.values())
        data = frozenset((of_fold, one) for of_fold, seen in by_fold.items() for one in seen)
        found.setdefault(data, []).append(sweep)
    return list(found.values())


def cautions(sweeps: Sequence[Evidence]) -> list[str]:
    """Why the numbers of these sweeps are no fair comparison, where they are none."""
    return [*_other_data(sweeps), *_other_code(sweeps), *_other_packages(sweeps), *_open(sweeps)]


def _other_data(sweeps: Sequence[Evidence]) -> list[str]:
    groups = [", ".join(sweep_name(sweep.folder) for sweep in own) for own in by_data(sweeps)]
    if len(groups) < 2:
        return []
    return [f"NOT THE SAME DATA: training or validation data differ: {'; '.join(groups)}"]


def _other_code(sweeps: Sequence[Evidence]) -> list[str]:
    """Candidates that several sweeps have, but trained by different code."""
    changed = []
    for rows in shared(sweeps).values():
        runs = [
            run
            for sweep, row in zip(sweeps, rows, strict=True)
            if row is not None
            for run in sweep.runs(row)
        ]
        if len({run.code for run in runs if run.code}) > 1:
            changed.append(next(row["name"] for row in rows if row is not None))
    modules = several(
        found for sweep in sweeps for run in sweep.records.values() for found in run.modules.items()
    )
    if not changed and not modules:
        return []
    said = [f"it changed between the sweeps for {', '.join(changed)}"] if changed else []
    said += [f"changed between the runs: {', '.join(modules)}"] if modules else []
    return [f"NOT THE SAME CODE: {'; '.join(said)}"]


def _other_packages(sweeps: Sequence[Evidence]) -> list[str]:
    pairs = [pair for sweep in sweeps for run in sweep.records.values() for pair in versions(run)]
    return [
        f"different versions of {name}: {', '.join(sorted({found for own, found in pairs if own == name}))}"
        for name in several(pairs)
    ]


def _open(sweeps: Sequence[Evidence]) -> list[str]:
    """What each sweep has against a winner of its own."""
    return [
        f"{sweep_name(sweep.folder)}: {problem}"
        for sweep in sweeps
        for problem in sweep.board["problems"]
    ]


def shared(sweeps: Sequence[Evidence]) -> dict[str, list[dict[str, Any] | None]]:
    """The rows of candidates that two sweeps or more have, by the candidate's id: a row for each sweep,
    None where it has none. Their order is that of the first sweep that has them.
    """
    found: dict[str, list[dict[str, Any] | None]] = {}
    for at, sweep in enumerate(sweeps):
        for row in sweep.candidates:
            runs = sweep.runs(row)
            key = runs[0].candidate_id if runs else None
            if key is not None:
                found.setdefault(key, [None] * len(sweeps))[at] = row
    return {key: rows for key, rows in found.items() if sum(row is not None for row in rows) > 1}


def repeated(sweeps: Sequence[Evidence], rows: Sequence[dict[str, Any] | None]) -> str:
    """Whether the runs of a shared candidate that have one seed and fold have one value, in words."""
    values: dict[tuple[int, str, str], set[float]] = {}
    counts: Counter[tuple[int, str, str]] = Counter()
    for sweep, row in zip(sweeps, rows, strict=True):
        for run in sweep.runs(row) if row is not None else ():
            if (value := value_of(run)) is not None:
                key = (run.seed, fold(run), run.data_fingerprint or "")
                values.setdefault(key, set()).add(value)
                counts[key] += 1
    both = [key for key, count in counts.items() if count > 1]
    if not both:
        return "no seed in common on the same data"
    equal = sum(len(values[key]) == 1 for key in both)
    noun = "run" if any(of_fold for _, of_fold, _ in both) else "seed"
    seeds = noun if len(both) == 1 else f"{noun}s"
    if equal == len(both):
        return f"equal on {equal} common {seeds}"
    return f"differs on {len(both) - equal} of {len(both)} common {seeds}"
