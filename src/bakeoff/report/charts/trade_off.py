"""The chart of the metric against a cost, a labelled dot for each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.labels import Box, place_labels
from bakeoff.report.charts.limits import padded, value_limits
from bakeoff.report.charts.names import FONT_SIZE, shortened, text_width
from bakeoff.report.charts.reference import Reference, in_reach, level_line
from bakeoff.report.charts.sketch import Sketch
from bakeoff.report.charts.ticks import Tick, linear_ticks, log_ticks, short_number
from bakeoff.showcase.palette import ACCENT, INK, MUTED, NEUTRAL

MOST_TICKS = 9


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
    across. `points` are labelled in the order given, so the most important come first. A log scale needs
    positive x.
    """
    width, height = 480, 320
    frame = left, top, right, bottom = 48, 8, width - 8, height - 40
    values = [point.y for point in points]
    values += in_reach(reference, values)
    intervals = [point.interval for point in points if point.interval]
    x = Axis(padded([point.x for point in points], log, share=0.12), (left, right), log)
    y = Axis(value_limits(values, intervals), (bottom, top))
    drawn = Sketch(width, height, frame)
    drawn.scale_below(x, _cost_ticks(x), label=x_label)
    drawn.scale_left(y, linear_ticks(y.limits, MOST_TICKS))
    anchors = [(x.at(point.x), y.at(point.y)) for point in points]
    taken = [level_line(drawn, y, reference, anchors)] if reference else []
    front = sorted((point.x, point.y) for point in points if point.front)
    if len(front) > 1:
        places = [(x.at(cost), y.at(value)) for cost, value in front]
        drawn.line(places, NEUTRAL, 1, opacity=0.6, dashes="1 2.5")
    for point, place in zip(points, anchors, strict=True):
        taken += _mark(drawn, point, place, y)
    left_out = _label(drawn, points, anchors, taken)
    return drawn.svg(label), left_out


def _cost_ticks(axis: Axis) -> list[Tick]:
    if axis.log:
        return log_ticks(axis.limits)
    return [(value, short_number(value)) for value, _ in linear_ticks(axis.limits, MOST_TICKS)]


def _mark(drawn: Sketch, point: Point, place: tuple[float, float], y: Axis) -> list[Box]:
    """Draw a point over its interval; return the places that both take."""
    across, down = place
    colour = ACCENT if point.selected else NEUTRAL
    taken = [(across - 6, down - 6, across + 6, down + 6)]
    if point.interval:
        low, high = map(y.at, point.interval)
        drawn.line([(across, low), (across, high)], colour, 2, opacity=0.4)
        taken.append((across - 3, high, across + 3, low))
    drawn.dot(place, 8, colour, tip=point.tip)
    return taken


def _label(
    drawn: Sketch,
    points: Sequence[Point],
    anchors: Sequence[tuple[float, float]],
    taken: Sequence[Box],
) -> int:
    """Write the names beside the points, which are at `anchors`, none over what is `taken`; return how many
    have no room.
    """
    names = [shortened(point.name, 30) for point in points]
    sizes = [(text_width(name), FONT_SIZE + 4.0) for name in names]
    boxes = place_labels(anchors, sizes, taken, drawn.frame)
    for point, name, (x, y), box in zip(points, names, anchors, boxes, strict=True):
        if box is None:
            continue
        near = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
        if abs(near[0] - x) + abs(near[1] - y) > 16:
            drawn.line([(x, y), near], MUTED, 0.6)
        # Anchored at the side that faces its point, so that a narrower font stays beside it.
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        anchor = "start" if box[0] > x else "end" if box[2] < x else "middle"
        at = {"start": box[0], "end": box[2], "middle": middle[0]}[anchor]
        colour = ACCENT if point.selected else INK
        drawn.text((at, middle[1]), name, colour, anchor, bold=point.selected)
    return sum(box is None for box in boxes)
