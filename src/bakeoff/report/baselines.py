"""Baselines among the candidates: in the table, and in words."""

from collections.abc import Callable, Sequence
from typing import Any

from bakeoff.report.wording import decimals, number
from bakeoff.select.baselines import BaselineRow
from bakeoff.select.leaderboard import Leaderboard

MOST_NAMED = 5  # candidates


def among(
    rows: Sequence[Any],
    baselines: Sequence[Any],
    direction: str,
    mean: Callable[[Any], float | None],
) -> list[Any]:
    """The rows of candidates in their order, each baseline before the first that it is better than."""
    found = list(rows)
    for baseline in baselines:
        value = mean(baseline)
        worse = (at for at, row in enumerate(found) if _is_better(value, mean(row), direction))
        found.insert(next(worse, len(found)), baseline)
    return found


def _is_better(value: float | None, other: float | None, direction: str) -> bool:
    if value is None or other is None:
        return value is not None
    return value > other if direction == "max" else value < other


def against_baselines(
    unbeaten: Sequence[str], ranked: int, baseline: str, mean: float | None
) -> str:
    """Which of the `ranked` candidates are not better than the best baseline, in words."""
    floor = f"the baseline {baseline} ({number(mean, min(4, decimals([mean])))})"
    if len(unbeaten) == ranked:
        return f"no candidate is better than {floor}"
    if len(unbeaten) > MOST_NAMED:
        return f"{len(unbeaten)} of {ranked} candidates are not better than {floor}"
    return f"{', '.join(unbeaten)} {'is' if len(unbeaten) == 1 else 'are'} not better than {floor}"


def baseline_cells(row: BaselineRow, board: Leaderboard) -> list[str]:
    """The row of a baseline, without a rank and without parameters."""
    digits = min(4, decimals([candidate.mean for candidate in board.candidates]))
    seconds = row.train_seconds
    return [
        "",
        row.name,
        "-" if row.mean is None else f"{row.mean:.{digits}f}",
        "-" if row.std is None else f"{row.std:.{digits}f}",
        "",
        "-" if not row.n else str(row.n),
        "",
        "-" if seconds is None else f"{seconds:.0f} s",
    ]
