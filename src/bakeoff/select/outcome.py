"""Results on test data with their intervals, and how results of several runs differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bakeoff.select.statistics.bootstrap import bootstrap_intervals

CONFIDENCE = 0.95
CLOSE = 1e-3  # relative; metrics add up in float32

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Outcome:
    """What a run reaches on test data: `result` by metric; `weighted(counts)` works the metrics (R,) out
    again where unit u counts `counts[r, u]` times; `units` of them there are, called `unit`.
    """

    run: str
    candidate: str
    result: Mapping[str, float | None]
    weighted: Callable[[Tensor], dict[str, Tensor]]
    units: int
    unit: str


@dataclass(frozen=True)
class Intervals:
    """By run and metric the interval of a result, None where there is none; by run the difference of a
    metric, the first run's minus the run's, with its interval, None where there is none.
    """

    of: dict[str, dict[str, Bounds | None]]
    differences: dict[str, tuple[float, Bounds | None]]


def intervals(tested: Sequence[Outcome], metric: str) -> Intervals:
    """Draw the units of the test data anew, the same draws for all runs, so that their differences are
    paired. No difference to a run that was tested on other units.
    """
    first = tested[0]
    together = [one for one in tested if (one.units, one.unit) == (first.units, first.unit)]
    names = {one.run: _held(one) for one in tested}
    paired = [one for one in together[1:] if metric in {*names[first.run]} & {*names[one.run]}]

    def statistic(counts: np.ndarray) -> np.ndarray:
        weights = torch.from_numpy(counts)
        found = {one.run: one.weighted(weights) for one in together}
        rows = [found[one.run][name] for one in together for name in names[one.run]]
        rows += [found[first.run][metric] - found[one.run][metric] for one in paired]
        return torch.stack(rows).numpy() if rows else np.zeros((0, len(counts)))

    if not any(names.values()):
        return Intervals({one.run: {} for one in tested}, {})
    bounds = iter(bootstrap_intervals(statistic, first.units, CONFIDENCE))
    of = {one.run: {name: next(bounds) for name in names[one.run]} for one in together}
    of_pairs = {one.run: next(bounds) for one in paired}
    differences = {
        one.run: (first.result[metric] - one.result[metric], of_pairs.get(one.run))
        for one in together[1:]
        if None not in (first.result.get(metric), one.result.get(metric))
    }
    return Intervals(of, differences)


def _held(one: Outcome) -> list[str]:
    """The metrics that can be worked out again: with every unit once they give the result."""
    again = one.weighted(torch.ones(1, one.units, dtype=torch.float64))
    known = {name: value for name, value in one.result.items() if value is not None}
    return [
        name
        for name, value in known.items()
        if name in again and np.isclose(float(again[name]), value, rtol=CLOSE, atol=1e-9)
    ]
