"""The chart of the metric against a cost, a labelled dot for each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report.charts.labels import Box, place_labels
from bakeoff.report.charts.limits import padded, value_limits
from bakeoff.report.charts.names import FONT_SIZE, shortened, text_width
from bakeoff.report.charts.reference import Reference, in_reach, level_line
from bakeoff.report.charts.sketch import sketch
from bakeoff.report.charts.ticks import log_axis, short_number
from bakeoff.showcase.palette import ACCENT, INK, MUTED, NEUTRAL, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Point:
    """One candidate in the plane of a cost and the metric."""

    name: str
    x: float
    y: float
    interval: tuple[float, float] | None
    tip: str
    selected: bool = False
    front: bool = False


def draw_trade_off(
    points: Sequence[Point],
    x_label: str,
    log: bool,
    label: str,
    reference: Reference | None = None,
) -> tuple[str, int]:
    """Draw the metric against a cost; return the chart and how many labels found no room.

    A dotted line joins the points of the Pareto front, which no other beats in both; `reference` is a line
    across.
    `points` are labelled in the order given, so the most important come first. A log scale needs
    positive x.
    """
    width, height = 480, 320
    frame = (48.0, 40.0, width - 8.0, height - 8.0)
    x_limits = padded([point.x for point in points], log, share=0.12)
    intervals = [point.interval for point in points if point.interval]
    with sketch(width, height, frame) as drawn:
        axes = drawn.axes
        if log:
            log_axis(axes.set_xscale, axes.xaxis, x_limits)
        values = [point.y for point in points]
        values += in_reach(reference, values)
        axes.set(xlim=x_limits, ylim=value_limits(values, intervals))
        axes.xaxis.set_major_formatter(short_number)
        axes.grid(axis="both")
        axes.set_xlabel(x_label, labelpad=4)
        anchors = [tuple(axes.transData.transform((point.x, point.y))) for point in points]
        taken = [level_line(axes, reference, frame, anchors)] if reference else []
        front = sorted((point.x, point.y) for point in points if point.front)
        if len(front) > 1:
            axes.plot(*zip(*front, strict=True), color=NEUTRAL, alpha=0.6, lw=1, ls=(0, (1, 2.5)))
        for point in points:
            colour = ACCENT if point.selected else NEUTRAL
            if point.interval:
                axes.plot([point.x] * 2, point.interval, color=colour, alpha=0.4, lw=2)
            (mark,) = axes.plot(point.x, point.y, "o", ms=8, mfc=colour, mec=PAPER, mew=1.2)
            drawn.tip(mark, point.tip)
        left_out = _label(axes, points, anchors, frame, taken)
        return drawn.svg(label), left_out


def _label(
    axes: "Axes",
    points: Sequence[Point],
    anchors: Sequence[tuple[float, float]],
    frame: Box,
    taken: Sequence[Box],
) -> int:
    """Write the names beside the points, which are at `anchors`, none over what is `taken`; return how many
    have no room.
    """
    obstacles = [*taken, *((x - 6, y - 6, x + 6, y + 6) for x, y in anchors)]
    for point, (x, _) in zip(points, anchors, strict=True):
        if point.interval:
            low, high = (axes.transData.transform((point.x, end))[1] for end in point.interval)
            obstacles.append((x - 3, low, x + 3, high))
    names = [shortened(point.name, 30) for point in points]
    sizes = [(text_width(name), FONT_SIZE + 4.0) for name in names]
    boxes = place_labels(anchors, sizes, obstacles, frame)
    for point, name, (x, y), box in zip(points, names, anchors, boxes, strict=True):
        if box is None:
            continue
        to_data = axes.transData.inverted().transform
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        near = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
        if abs(near[0] - x) + abs(near[1] - y) > 16:
            axes.plot(*zip(to_data((x, y)), to_data(near), strict=True), color=MUTED, lw=0.6)
        # Anchored at the side that faces its point, so that a narrower font stays beside it.
        side = "left" if box[0] > x else "right" if box[2] < x else "center"
        at = {"left": box[0], "right": box[2], "center": middle[0]}[side]
        style = {"color": ACCENT, "weight": "bold"} if point.selected else {"color": INK}
        axes.text(*to_data((at, middle[1])), name, ha=side, va="center", **style)
    return sum(box is None for box in boxes)
