"""The leaderboard on the terminal."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bakeoff.report.baselines import among
from bakeoff.report.charts.names import abbreviated
from bakeoff.report.claims import NEXT, beside_test, practically, useless, verdicts
from bakeoff.report.wording import earlier_openings, few_decimals
from bakeoff.select.leaderboard import Leaderboard

Board = Mapping[str, Any]  # what leaderboard.json holds

STARRED = ("parameters", "train_seconds")  # the costs that the table shows
FRONT = "* Pareto front: none gives more for the same cost, or as much for less"
WIDE = 200  # columns where no terminal sets a limit: files and pipes


def show(board: Leaderboard) -> None:
    """Print the leaderboard, what was selected, and what the sealed test gave."""
    content = asdict(board)
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print()
    for line in warnings(content):  # first: a table without a winner must not look like one with
        console.print(line, style="bold red", highlight=False, markup=False)
    console.print(table(content))
    console.print()
    for line in claims(content):
        console.print(line, highlight=False, markup=False)
    for line in lost(content):
        console.print(line, style="red", highlight=False, markup=False)
    for row in board.baselines:
        if row.note:
            console.print(f"{row.name}: {row.note}", style="dim", highlight=False, markup=False)
    if board.selected is not None:
        for label, text in outcome(content):
            print_line(label, text)


def warnings(board: Board) -> list[str]:
    """What keeps the numbers from being what they look like."""
    problems = board["problems"]
    if not problems and not any(row["n"] for row in board["candidates"]):
        problems = ["no run completed"]
    said = [f"NO WINNER: {problem}" for problem in problems]
    cautions = (board["after_opening"], board["part"], board["edited"], *board["mixed"])
    said += [line for line in cautions if line]
    floor = useless(board)
    return [*said, f"USELESS: {floor}"] if floor else said


def table(board: Board) -> Table:
    """The candidates and, dimmed and without a rank, the baselines."""
    sense = "more" if board["direction"] == "max" else "less"
    made = Table(
        title=f"{board['experiment']}: validation {board['metric']}, {sense} is better",
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="bold",
    )
    made.add_column("", no_wrap=True)
    made.add_column("candidate", overflow="fold")  # a long name must not cost the numbers
    for heading in ("mean", "std", "95 % interval", "n", "parameters", "time"):
        made.add_column(heading, justify="right", no_wrap=True)
    digits = few_decimals([row["mean"] for row in board["candidates"]])
    first, several = board["candidates"][0], len(board["candidates"]) > 1
    for row in among(board["candidates"], board["baselines"], board["direction"]):
        if "rank" in row:
            tied = row["tied_with_best"] and row is not first
            cells = _cells(row, digits, tied, several)
            made.add_row(*cells, style="green" if row["name"] == board["selected"] else None)
        else:
            made.add_row(*_baseline_cells(row, digits), style="dim")
    return made


def claims(board: Board) -> list[str]:
    """What may be claimed of the candidates, and how they were compared."""
    rows = board["candidates"]
    names = [row["name"] for row in rows]
    short = dict(zip(names, abbreviated(names), strict=True))
    starred = len(rows) > 1 and any(set(STARRED) & {*row["pareto"]} for row in rows)
    return [
        *([FRONT] if starred else []),
        *verdicts(board, short.__getitem__),
        *practically(board, lambda name: short.get(name, name)),
        *board["notes"],
        *(board["finals"]["said"][: 2 + NEXT] if board["finals"] else []),
    ]


def lost(board: Board) -> list[str]:
    """How many runs of each candidate, and how many of a finalist on fresh seeds, did not complete."""
    fresh = [(f"{row['name']} on fresh seeds", row["fresh"]) for row in board["candidates"]]
    return [
        f"{name}: {count} {status}"
        for name, of in [*((row["name"], row) for row in board["candidates"]), *fresh]
        for status, count in (of or {}).get("status_counts", {}).items()
        if status != "completed"
    ]


def outcome(board: Board) -> list[tuple[str, str]]:
    """What was selected and what it reaches on test data, labels and texts."""
    why = f" ({board['selected_by']})" if board["selected_by"] else ""
    said = [("selected", f"{board['selected']}, run {board['selected_run']}{why}")]
    if board["sealed_test"] is not None:
        values = [
            f"{name} {value:.{few_decimals([value])}f}"
            for name, value in board["sealed_test"].items()
            if value is not None and not name.startswith("loss")
        ]
        said.append(("test set", "  ".join(values)))
        if interval := board["sealed_test_ci95"].get(board["metric"]):
            low, high = (f"{bound:.{few_decimals(interval)}f}" for bound in interval)
            units = board["sealed_test_units"]
            said.append(("", f"95 % interval {low} to {high}, over {units}"))
        gap = board["sealed_test_gap"]
        said += [("", line) for line in (gap, *beside_test(board)) if line]
    if board["earlier_openings"]:
        said.append(("opened before", earlier_openings(board["earlier_openings"])))
    return said


def print_line(label: str, text: str | Path) -> None:
    """Print a label and what belongs to it; a long path is not wrapped."""
    Console().print(f"{label:<15} {text}", highlight=False, markup=False, soft_wrap=True)


def _cells(row: Mapping[str, Any], digits: int, is_tied: bool, several: bool) -> list[str]:
    low, high = row["ci95"] or (None, None)
    total = sum(row["status_counts"].values())
    stars = {key: "*" if several and key in row["pareto"] else "" for key in STARRED}
    parameters, seconds = row["parameters"], row["train_seconds"]
    return [
        f"{row['rank'] or '-'}{'=' if is_tied else ''}",
        row["name"],
        _value(row["mean"], digits),
        _value(row["std"], digits),
        "-" if low is None else f"{low:.{digits}f} to {high:.{digits}f}",
        str(total) if row["n"] == total else f"{row['n']} of {total}",
        "-" if parameters is None else f"{stars['parameters']}{parameters:,}",
        "-" if seconds is None else f"{stars['train_seconds']}{seconds:.0f} s",
    ]


def _baseline_cells(row: Mapping[str, Any], digits: int) -> list[str]:
    seconds = row["train_seconds"]
    return [
        "",
        row["name"],
        _value(row["mean"], digits),
        _value(row["std"], digits),
        "",
        "-" if not row["n"] else str(row["n"]),
        "",
        "-" if seconds is None else f"{seconds:.0f} s",
    ]


def _value(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
