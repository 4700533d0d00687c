"""The chart of one candidate's learning curves, a small panel among others."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.sketch import Sketch
from bakeoff.report.charts.thinned import thinned
from bakeoff.report.charts.ticks import linear_ticks, log_ticks
from bakeoff.showcase.palette import ACCENT

# How each kind is drawn, what lies behind first: its width, opacity and dashes.
LOOKS = {
    "other": (1.4, 0.5, ""),
    "run": (0.9, 0.45, ""),
    "lost": (1.1, 0.9, "3 2"),
    "mean": (2, 1, ""),
    "best": (0, 1, ""),
}
DOT = 5.2  # pixels across, of the best epoch


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
    x = Axis(scale.x, (42, 314))
    y = Axis(scale.y, (148, 8), scale.log)
    drawn = Sketch(320, 180, (42, 8, 314, 148))
    drawn.scale_left(y, log_ticks(scale.y) if scale.log else linear_ticks(scale.y, 6))
    ticks = linear_ticks(scale.x, 6, whole=True)
    drawn.scale_below(x, ticks, grid=False, label=scale.x_label)
    for trace in sorted(traces, key=lambda trace: list(LOOKS).index(trace.kind)):
        places = [(x.at(a), y.at(b)) for a, b in zip(trace.x, trace.y, strict=True)]
        width, opacity, dashes = LOOKS[trace.kind]
        if trace.kind == "best":
            for place in places:
                drawn.dot(place, DOT, trace.colour, edge_width=0.8, tip=trace.tip)
        elif len(places) == 1:  # a single value is no line; a dot shows that it is there
            drawn.dot(places[0], 3.5, trace.colour, edge_width=0, opacity=opacity, tip=trace.tip)
        else:
            look = {"opacity": opacity, "dashes": dashes, "tip": trace.tip}
            drawn.line(thinned(places), trace.colour, width, **look)
    return drawn.svg(label)
