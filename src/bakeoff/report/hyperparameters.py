"""Which hyperparameters matter, by a model's estimate, and all settings in one chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import numpy as np

from bakeoff.report.charts.names import shortened
from bakeoff.report.charts.parallel import Look, Scale, draw_parallel
from bakeoff.report.settings import is_whole, varied
from bakeoff.report.wording import number
from bakeoff.select.statistics.importance import Importance, importance

LEAST_CANDIDATES, LEAST_KEYS = 8, 2
MOST_LINES, MOST_AXES, MOST_TICKS = 200, 8, 6
STRONG = 0.1  # the share of candidates that is drawn in colour


@dataclass(frozen=True)
class Hyperparameters:
    """The keys that were varied, the most important first, with the values of the candidates `rows`."""

    rows: list[Mapping[str, Any]]
    keys: dict[str, list[float] | list[str]]
    found: Importance

    @property
    def told(self) -> bool:
        """Whether the forest predicts unseen settings better than their mean does."""
        return self.found.r2 > 0 and max(self.found.drops) > 0

    @property
    def shares(self) -> list[tuple[str, float]]:
        """Each key with its loss of R2."""
        return list(zip(self.keys, self.found.drops, strict=True))


def hyperparameters(rows: Sequence[Mapping[str, Any]]) -> Hyperparameters | None:
    """What the whole candidates of a leaderboard tell; None of too few candidates or keys."""
    whole = [row for row in rows if is_whole(row)]
    keys = varied(whole)
    if len(whole) < LEAST_CANDIDATES or len(keys) < LEAST_KEYS:
        return None
    found = importance(np.transpose([_codes(values) for values in keys.values()]), _means(whole))
    order = sorted(zip(keys, found.drops, strict=True), key=lambda item: -item[1])
    return Hyperparameters(
        whole,
        {key: keys[key] for key, _ in order},
        Importance(found.r2, tuple(drop for _, drop in order)),
    )


def parallel_chart(
    of: Hyperparameters, metric: str, selected: Mapping[str, Any] | None, digits: int, width: int
) -> str:
    """Draw the best candidates over the most important keys, the metric below."""
    rows = of.rows[:MOST_LINES]
    scales = [
        _scale(key, values[: len(rows)], width) for key, values in list(of.keys.items())[:MOST_AXES]
    ]
    means = _means(rows)
    ends = [(0.0, number(min(means), digits)), (1.0, number(max(means), digits))]
    scales.append(Scale(metric, ends, _stretched(means)))
    strong = max(1, round(STRONG * len(rows)))
    looks = [
        Look(f"{row['name']}: {number(row['mean'], digits)}", at < strong, row is selected)
        for at, row in enumerate(rows)
    ]
    return draw_parallel(scales, looks, f"{metric} over all hyperparameters", width)


def _means(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    return [row["mean"] for row in rows]


def _codes(values: list[float] | list[str]) -> list[float]:
    """Numbers as they are, choices by their place in the alphabet."""
    choices = sorted({value for value in values if isinstance(value, str)})
    return [float(choices.index(v)) if isinstance(v, str) else v for v in values]


def _scale(key: str, values: list[float] | list[str], width: int) -> Scale:
    choices = sorted(set(values))
    few = len(choices) <= MOST_TICKS
    if isinstance(values[0], str):
        places = _stretched(_codes(values))
    else:
        log = choices[0] > 0 and choices[-1] / choices[0] >= 20
        places = _stretched([log10(value) for value in values] if log else values)
    where = dict(zip(values, places, strict=True))
    ticks = choices if few else [choices[0], choices[-1]]
    if not few and isinstance(values[0], float):
        middle = min(choices, key=lambda value: abs(where[value] - 0.5))
        ticks.insert(1, middle)
    letters = width // (8 * len(ticks))
    written = [(where[value], shortened(_written(value), letters)) for value in ticks]
    return Scale(key, written, places)


def _written(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"


def _stretched(values: Sequence[float]) -> list[float]:
    """Values moved and scaled to reach from 0 to 1."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.5 for value in values]
