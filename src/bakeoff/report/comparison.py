"""Several sweeps side by side: what each asked, what it selected, and candidates that they share."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bakeoff.errors import BakeoffError
from bakeoff.report.evidence import Evidence, read_evidence
from bakeoff.report.terminal import WIDE
from bakeoff.report.wording import few_decimals
from bakeoff.sweep.commands import sweep_name

NONE = "-"


def read_sweeps(folders: Sequence[Path]) -> list[Evidence]:
    """The evidence of at least two sweeps that were selected by one metric of one task.

    Raises BakeoffError: numbers of different metrics say nothing of each other.
    """
    if len({folder.resolve() for folder in folders}) < 2:
        raise BakeoffError(
            "compare needs two sweeps or more: give their folders, or EXPERIMENT/latest"
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


def cautions(sweeps: Sequence[Evidence]) -> list[str]:
    """Why the numbers of these sweeps are no fair comparison, where they are none."""
    found = []
    by_data: dict[frozenset[str | None], list[str]] = {}
    for sweep in sweeps:
        data = frozenset(
            run.data_fingerprint for run in sweep.records.values() if run.data_fingerprint
        )
        by_data.setdefault(data, []).append(sweep_name(sweep.folder))
    if len(by_data) > 1:
        groups = "; ".join(", ".join(names) for names in by_data.values())
        found.append(f"NOT THE SAME DATA: training or validation data differ: {groups}")
    packages = {
        (run.environment.get("packages") or {}).get("torch")
        for sweep in sweeps
        for run in sweep.records.values()
    } - {None}
    if len(packages) > 1:
        found.append(f"different versions of torch: {', '.join(sorted(map(str, packages)))}")
    found += [
        f"{sweep_name(sweep.folder)}: {problem}"
        for sweep in sweeps
        for problem in sweep.board["problems"]
    ]
    return found


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


def show(sweeps: Sequence[Evidence]) -> None:
    """Print a table of the sweeps, and one of the candidates that they share."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    board = sweeps[0].board
    for line in cautions(sweeps):
        console.print(line, style="bold red", highlight=False, markup=False)
    sense = "more" if board["direction"] == "max" else "less"
    console.print(_sweeps(sweeps, f"{board['task']}: {board['metric']}, {sense} is better"))
    if both := shared(sweeps):
        console.print()
        console.print(_candidates(sweeps, both))


def _sweeps(sweeps: Sequence[Evidence], title: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, header_style="bold"
    )
    for heading in ("sweep", "selected"):
        table.add_column(heading, overflow="fold")
    for heading in ("validation", "n", "candidates", "test", "95 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    digits = _digits([sweep.selected for sweep in sweeps])
    for sweep in sweeps:
        board, row = sweep.board, sweep.selected
        test = (board["sealed_test"] or {}).get(board["metric"])
        low, high = board["sealed_test_ci95"].get(board["metric"]) or (None, None)
        table.add_row(
            sweep_name(sweep.folder),
            "no winner" if row is None else row["name"],
            NONE if row is None else f"{row['mean']:.{digits}f}",
            NONE if row is None else str(row["n"]),
            str(len(sweep.candidates)),
            NONE if test is None else f"{test:.{digits}f}",
            NONE if low is None else f"{low:.{digits}f} to {high:.{digits}f}",
        )
    return table


def _candidates(sweeps: Sequence[Evidence], both: dict[str, list[dict[str, Any] | None]]) -> Table:
    table = Table(
        title="candidates of several sweeps: validation mean (runs)", title_justify="left",
        title_style="bold", box=None, header_style="bold",
    )  # fmt: skip
    table.add_column("candidate", overflow="fold")
    for sweep in sweeps:
        table.add_column(sweep_name(sweep.folder), justify="right", overflow="fold")
    digits = _digits([row for rows in both.values() for row in rows])
    for rows in both.values():
        name = next(row["name"] for row in rows if row is not None)
        table.add_row(name, *(_mean(row, digits) for row in rows))
    return table


def _mean(row: dict[str, Any] | None, digits: int) -> str:
    if row is None or row["mean"] is None:
        return NONE
    return f"{row['mean']:.{digits}f} ({row['n']})"


def _digits(rows: Sequence[dict[str, Any] | None]) -> int:
    return few_decimals([row["mean"] for row in rows if row is not None])
