"""The leaderboard on the terminal."""

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bakeoff.report.baselines import against_baselines, among, baseline_cells
from bakeoff.report.charts.names import abbreviated
from bakeoff.report.wording import against_words, decimals, earlier_openings
from bakeoff.select.baselines import BaselineRow
from bakeoff.select.leaderboard import Candidate, Leaderboard
from bakeoff.select.statistics.words import practical_words

STARRED = ("parameters", "train_seconds")  # the costs that the table shows
NEXT = 3  # candidates behind the leader of which more is said: all of them are in the report
MOST_NAMED = 6  # candidates that one claim names
WIDE = 200  # columns where no terminal sets a limit: files and pipes


def show(board: Leaderboard) -> None:
    """Print the leaderboard, what was selected, and what the sealed test gave."""
    sense = "more" if board.direction == "max" else "less"
    table = Table(
        title=f"{board.experiment}: validation {board.metric}, {sense} is better",
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="bold",
    )
    table.add_column("", no_wrap=True)
    table.add_column("candidate", overflow="fold")  # a long name must not cost the numbers
    for heading in ("mean", "std", "95 % interval", "n", "parameters", "time"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in among(board.candidates, board.baselines, board.direction, attrgetter("mean")):
        if isinstance(row, BaselineRow):
            table.add_row(*baseline_cells(row, board), style="dim")
        else:
            table.add_row(*_cells(row, board), style="green" if row.rank == 1 else None)
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print()
    for problem in board.problems:  # first: a table without a winner must not look like one with
        console.print(f"NO WINNER: {problem}", style="bold red", highlight=False, markup=False)
    if board.after_opening:
        console.print(board.after_opening, style="bold red", highlight=False, markup=False)
    if board.unbeaten:
        ranked, best = sum(row.rank is not None for row in board.candidates), board.baselines[0]
        said = against_baselines(board.unbeaten, ranked, best.name, best.mean)
        console.print(f"USELESS: {said}", style="bold red", highlight=False, markup=False)
    console.print(table)
    console.print()
    if len(board.candidates) > 1 and any(set(STARRED) & {*row.pareto} for row in board.candidates):
        console.print(
            "* Pareto front: none gives more for the same cost, or as much for less",
            highlight=False,
        )
    said = board.finals["said"][: 2 + NEXT] if board.finals else []
    for line in (*verdicts(board), *practically(board), *board.notes, *said):
        console.print(line, highlight=False, markup=False)
    for candidate in board.candidates:
        for status, count in candidate.status_counts.items():
            if status != "completed":
                console.print(f"{candidate.name}: {count} {status}", style="red", highlight=False)
    for row in board.baselines:
        if row.note:
            console.print(f"{row.name}: {row.note}", style="dim", highlight=False, markup=False)
    if board.selected is None:
        return
    why = f" ({board.selected_by})" if board.selected_by else ""
    print_line("selected", f"{board.selected}, run {board.selected_run}{why}")
    if board.sealed_test is not None:
        values = [
            f"{name} {value:.{min(4, decimals([value]))}f}"
            for name, value in board.sealed_test.items()
            if value is not None and not name.startswith("loss")
        ]
        print_line("test set", "  ".join(values))
        for label, text in test_lines(board):
            print_line(label, text)
    if board.earlier_openings:
        print_line("opened before", earlier_openings(board.earlier_openings))


def verdicts(board: Leaderboard) -> list[str]:
    """What is claimed of the candidates, a line for each claim with the names that it holds for."""
    names: dict[str, list[str]] = {}
    short = _short_names(board)
    for candidate in board.candidates if len(board.candidates) > 1 else ():
        if candidate.verdict:
            names.setdefault(candidate.verdict, []).append(short[candidate.name])
    if len(names) == 1 and len(board.candidates) > 1:
        return list(names)
    return [f"{verdict}: {_first(of)}" for verdict, of in names.items()]


def _first(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _short_names(board: Leaderboard) -> dict[str, str]:
    """What tells the candidates apart, by name."""
    names = [row.name for row in board.candidates]
    return dict(zip(names, abbreviated(names), strict=True))


def test_lines(board: Leaderboard) -> list[tuple[str, str]]:
    """What is said of the test result of the metric: its interval, how far it is from validation, and how
    the others differ that the test set was opened for.
    """
    interval = board.sealed_test_ci95.get(board.metric)
    said = []
    if interval:
        low, high = (f"{bound:.{min(4, decimals(interval))}f}" for bound in interval)
        said.append(("", f"95 % interval {low} to {high}, over {board.sealed_test_units}"))
    if board.sealed_test_gap:
        said.append(("", board.sealed_test_gap))
    others = [against_words(other) for other in board.sealed_test_against]
    if len(others) > NEXT:
        others[NEXT:] = [f"and {len(others) - NEXT} more, which are in the report"]
    return said + [("", line) for line in others]


def practically(board: Leaderboard) -> list[str]:
    """How probable it is that the next candidates differ from the leader by what matters, in one line; the
    others' probabilities are in the report.
    """
    found = [(row.name, row.practical) for row in board.candidates if row.practical]
    if not found:
        return []
    short, first = _short_names(board), found[0][1]
    said = [f"{short[name]} {practical_words(own)}" for name, own in found[:NEXT]]
    leader = short.get(first["leader"], first["leader"])
    return [f"against {leader}, by more than {first['margin']:g}: {'; '.join(said)}"]


def print_line(label: str, text: str | Path) -> None:
    """Print a label and what belongs to it; a long path is not wrapped."""
    Console().print(f"{label:<15} {text}", highlight=False, markup=False, soft_wrap=True)


def _cells(candidate: Candidate, board: Leaderboard) -> list[str]:
    low, high = candidate.ci95 or (None, None)
    total = sum(candidate.status_counts.values())
    digits = min(4, decimals([row.mean for row in board.candidates]))
    several = len(board.candidates) > 1
    stars = {key: "*" if several and key in candidate.pareto else "" for key in STARRED}
    tied = candidate.tied_with_best and candidate is not board.candidates[0]
    return [
        f"{candidate.rank or '-'}{'=' if tied else ''}",
        candidate.name,
        "-" if candidate.mean is None else f"{candidate.mean:.{digits}f}",
        "-" if candidate.std is None else f"{candidate.std:.{digits}f}",
        "-" if low is None else f"{low:.{digits}f} to {high:.{digits}f}",
        str(total) if candidate.n == total else f"{candidate.n} of {total}",
        "-" if candidate.parameters is None else f"{stars['parameters']}{candidate.parameters:,}",
        "-"
        if candidate.train_seconds is None
        else f"{stars['train_seconds']}{candidate.train_seconds:.0f} s",
    ]
