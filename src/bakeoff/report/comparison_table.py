"""Several sweeps side by side on the terminal."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bakeoff.report.comparison import cautions, measured, shared
from bakeoff.report.evidence import Evidence
from bakeoff.report.terminal import WIDE
from bakeoff.report.wording import few_decimals
from bakeoff.sweep.commands import sweep_name

NONE = "-"


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
    digits = _digits([measured(sweep) for sweep in sweeps])
    for sweep in sweeps:
        board, row = sweep.board, measured(sweep)
        test = (board["sealed_test"] or {}).get(board["metric"])
        low, high = board["sealed_test_ci95"].get(board["metric"]) or (None, None)
        table.add_row(
            sweep_name(sweep.folder),
            "no winner" if sweep.selected is None else sweep.selected["name"],
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
