"""The chart of one candidate's learning curves, a small panel among others."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.sketch import sketch
from bakeoff.report.charts.ticks import log_axis
from bakeoff.showcase.palette import ACCENT, PAPER


@dataclass(frozen=True)
class Trace:
    """One line of a panel, drawn by `kind`.

    `run` is thin, `mean` bold, `lost` dashed, `other` a reference behind them, `best` dots only.
    """

    x: list[int]
    y: list[float]
    kind: str
    colour: str = ACCENT
    tip: str = ""


@dataclass(frozen=True)
class Scale:
    """Limits that the panels of one quantity share."""

    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False
    x_label: str = "epoch"


def draw_learning_curves(traces: Sequence[Trace], scale: Scale, label: str) -> str:
    """Draw one small panel of a candidate's curves, on the scale it shares with the others."""
    looks = {
        "other": {"lw": 1.4, "alpha": 0.5},
        "run": {"lw": 0.9, "alpha": 0.45},
        "lost": {"lw": 1.1, "alpha": 0.9, "ls": (0, (3, 2))},
        "mean": {"lw": 2.0},
        "best": {"lw": 0, "marker": "o", "ms": 5.2, "mec": PAPER, "mew": 0.8},
    }
    with sketch(320, 180, (42, 32, 314, 172)) as drawn:
        axes = drawn.axes
        if scale.log:
            log_axis(axes.set_yscale, axes.yaxis, scale.y)
        axes.set(xlim=scale.x, ylim=scale.y)
        axes.grid(axis="y")
        for trace in sorted(traces, key=lambda trace: list(looks).index(trace.kind)):
            # A single value is no line; a dot shows that it is there.
            dot = {"marker": "o", "ms": 3.5, "mew": 0} if len(trace.x) == 1 else {}
            look = dot | looks[trace.kind]
            (line,) = axes.plot(trace.x, trace.y, color=trace.colour, **look)
            if trace.tip:
                drawn.tip(line, trace.tip)
        axes.locator_params(axis="x", integer=True, nbins=6)
        if not scale.log:
            axes.locator_params(axis="y", nbins=6)
        axes.set_xlabel(scale.x_label, labelpad=2)
        return drawn.svg(label)
