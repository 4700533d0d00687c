"""A value that others are set against: a dashed grey line across a chart, with its name."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.labels import Box
from bakeoff.report.charts.names import FONT_SIZE, text_width
from bakeoff.report.charts.sketch import Sketch
from bakeoff.showcase.palette import MUTED

DASHES = "4 3"


@dataclass(frozen=True)
class Reference:
    """The value, and what is written beside its line."""

    value: float
    text: str


def in_reach(reference: Reference | None, values: Sequence[float]) -> list[float]:
    """The reference's value, where an axis that holds `values` can hold it too without dwarfing them."""
    if reference is None:
        return []
    low, high = min(values), max(values)
    reach = high - low or 0.05 * abs(high) or 0.05
    return [reference.value] if low - reach <= reference.value <= high + reach else []


def upright_line(drawn: Sketch, axis: Axis, reference: Reference, y: float) -> None:
    """Draw the reference across an x axis as wide as the chart, with its text at the height y; where
    the axis does not reach it, its text at that side with an arrow.
    """
    share, place = axis.share(reference.value), axis.at(reference.value)
    if not 0 <= share <= 1:
        side, text = _beyond(reference, share, "←", "→")
        drawn.text((side * drawn.width, y), text, MUTED, "start" if side == 0 else "end")
        return
    _, top, _, bottom = drawn.frame
    drawn.line([(place, bottom), (place, top)], MUTED, 1.1, dashes=DASHES)
    beside = 0.01 * drawn.width
    if share < 0.5:
        drawn.text((place + beside, y), reference.text, MUTED)
    else:
        drawn.text((place - beside, y), reference.text, MUTED, "end")


def level_line(
    drawn: Sketch, axis: Axis, reference: Reference, points: Sequence[tuple[float, float]]
) -> Box:
    """Draw the reference across a y axis, with its text at that end of it in the frame where it hides the
    fewest of the `points`; where the axis does not reach it, its text at the edge with an arrow.

    Returns the place of the text. All places are in pixels.
    """
    left, top, right, bottom = drawn.frame
    share, text = axis.share(reference.value), reference.text
    if 0 <= share <= 1:
        at = axis.at(reference.value)
        drawn.line([(left, at), (right, at)], MUTED, 1.1, dashes=DASHES)
    else:
        side, text = _beyond(reference, share, "↓", "↑")
        at = axis.ends[side]
    height, width = FONT_SIZE + 4.0, text_width(text)
    tops = [place for place in (at - height, at) if top <= place <= bottom - height]
    places = [
        (start, place, start + width, place + height)
        for place in tops
        for start in (right - width, left)
    ]
    box = min(places, key=lambda place: sum(_is_near(point, place) for point in points))
    middle = (box[1] + box[3]) / 2 - 1
    if box[2] == right:
        drawn.text((right, middle), text, MUTED, "end")
    else:
        drawn.text((left, middle), text, MUTED)
    return box


def _is_near(point: tuple[float, float], box: Box, gap: float = 6.0) -> bool:
    return box[0] - gap <= point[0] <= box[2] + gap and box[1] - gap <= point[1] <= box[3] + gap


def _beyond(reference: Reference, share: float, before: str, after: str) -> tuple[int, str]:
    return (0, f"{before} {reference.text}") if share < 0 else (1, f"{reference.text} {after}")
