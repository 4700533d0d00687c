"""The chart of an architecture's expected best value over the number of settings tried."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.sketch import Sketch
from bakeoff.report.charts.ticks import linear_ticks
from bakeoff.select.statistics.expected_best import ExpectedBest
from bakeoff.showcase.palette import ACCENT, NEUTRAL


@dataclass(frozen=True)
class TuningScale:
    """Limits that the panels of all architectures share."""

    x: tuple[float, float]
    y: tuple[float, float]


def draw_tuning_curve(
    curve: ExpectedBest, others: Sequence[Sequence[float]], scale: TuningScale, label: str
) -> str:
    """Draw the expected best of n settings (line) over the band of its median, where there is one;
    `others` are the curves of other architectures, to compare.
    """
    x, y = Axis(scale.x, (48, 314)), Axis(scale.y, (148, 8))
    drawn = Sketch(320, 180, (48, 8, 314, 148))
    drawn.scale_left(y, linear_ticks(scale.y, 6))
    ticks = linear_ticks(scale.x, 6, whole=True)
    drawn.scale_below(x, ticks, grid=False, label="settings tried")

    def places(values: Iterable[float], settings: Iterable[int]) -> list[tuple[float, float]]:
        return [(x.at(n), y.at(value)) for n, value in zip(settings, values, strict=True)]

    for other in others:
        drawn.line(places(other, range(1, len(other) + 1)), NEUTRAL, 1.2, opacity=0.5)
    closed = np.isfinite(curve.low) & np.isfinite(curve.high)
    if closed.any():
        settings = curve.settings[closed]
        band = places(curve.low[closed], settings) + places(curve.high[closed], settings)[::-1]
        drawn.area(band, ACCENT, 0.14)
    tip = f"{label}: {curve.expected[-1]:.4g} with {len(curve.settings)} settings"
    drawn.line(places(curve.expected, curve.settings), ACCENT, 2, tip=tip)
    return drawn.svg(label)
