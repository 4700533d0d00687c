"""Baselines among the candidates: in the table, and in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from bakeoff.report.wording import few_decimals, number

Row = Mapping[str, Any]
MOST_NAMED = 5  # candidates


def among(rows: Sequence[Row], baselines: Sequence[Row], direction: str) -> list[Row]:
    """The rows of candidates in their order, each baseline before the first that it is better than."""
    found = list(rows)
    for baseline in baselines:
        mean = baseline["mean"]
        worse = (at for at, row in enumerate(found) if _is_better(mean, row["mean"], direction))
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
    floor = f"the baseline {baseline} ({number(mean, few_decimals([mean]))})"
    if len(unbeaten) == ranked:
        return f"no candidate is better than {floor}"
    if len(unbeaten) > MOST_NAMED:
        return f"{len(unbeaten)} of {ranked} candidates are not better than {floor}"
    return f"{', '.join(unbeaten)} {'is' if len(unbeaten) == 1 else 'are'} not better than {floor}"
