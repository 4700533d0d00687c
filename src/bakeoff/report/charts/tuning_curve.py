"""The chart of an architecture's expected best value over the number of settings tried."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bakeoff.report.charts.sketch import sketch
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
    with sketch(320, 180, (48, 32, 314, 172)) as drawn:
        axes = drawn.axes
        axes.set(xlim=scale.x, ylim=scale.y)
        axes.grid(axis="y")
        for other in others:
            axes.plot(range(1, len(other) + 1), other, color=NEUTRAL, alpha=0.5, lw=1.2)
        closed = np.isfinite(curve.low) & np.isfinite(curve.high)
        if closed.any():
            bounds = (curve.low[closed], curve.high[closed])
            axes.fill_between(curve.settings[closed], *bounds, color=ACCENT, alpha=0.14, lw=0)
        (line,) = axes.plot(curve.settings, curve.expected, color=ACCENT, lw=2)
        drawn.tip(line, f"{label}: {curve.expected[-1]:.4g} with {len(curve.settings)} settings")
        axes.locator_params(axis="x", integer=True, nbins=6)
        axes.locator_params(axis="y", nbins=6)
        axes.set_xlabel("settings tried", labelpad=2)
        return drawn.svg(label)
