"""A value that others are set against: a dashed grey line across a chart, with its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report.charts.labels import Box
from bakeoff.report.charts.names import FONT_SIZE, text_width
from bakeoff.showcase.palette import MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DASHES = (0, (4, 3))


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


def upright_line(axes: "Axes", reference: Reference, y: float) -> None:
    """Draw the reference across an x axis, with its text at the height y; where the axis does not reach it,
    its text at that side with an arrow.
    """
    low, high = axes.get_xlim()
    share = (reference.value - low) / (high - low)
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "color": MUTED}
    if not 0 <= share <= 1:
        side, text = _beyond(reference, share, "←", "→")
        axes.text(side, y, text, ha="left" if side == 0 else "right", **place)
        return
    axes.axvline(reference.value, color=MUTED, lw=1.1, ls=DASHES)
    ha = "left" if share < 0.5 else "right"
    axes.text(share + (0.01 if share < 0.5 else -0.01), y, reference.text, ha=ha, **place)


def level_line(
    axes: "Axes", reference: Reference, frame: Box, points: Sequence[tuple[float, float]]
) -> Box:
    """Draw the reference across a y axis, with its text at that end of it in the `frame` where it hides the
    fewest of the `points`; where the axis does not reach it, its text at the edge with an arrow.

    Returns the place of the text. All places are in pixels.
    """
    low, high = axes.get_ylim()
    share, text = (reference.value - low) / (high - low), reference.text
    is_in = 0 <= share <= 1
    if is_in:
        axes.axhline(reference.value, color=MUTED, lw=1.1, ls=DASHES)
    else:
        share, text = _beyond(reference, share, "↓", "↑")
    at, height, width = frame[1] + share * (frame[3] - frame[1]), FONT_SIZE + 4.0, text_width(text)
    bottoms = [bottom for bottom in (at, at - height) if frame[1] <= bottom <= frame[3] - height]
    places = [
        (left, bottom, left + width, bottom + height)
        for bottom in bottoms
        for left in (frame[2] - width, frame[0])
    ]
    box = min(places, key=lambda place: sum(_is_near(point, place) for point in points))
    side = "right" if box[2] == frame[2] else "left"
    x, y = axes.transAxes.inverted().transform((box[2] if side == "right" else box[0], box[1] + 3))
    axes.text(x, y, text, transform=axes.transAxes, ha=side, va="bottom", color=MUTED)
    return box


def _is_near(point: tuple[float, float], box: Box, gap: float = 6.0) -> bool:
    return box[0] - gap <= point[0] <= box[2] + gap and box[1] - gap <= point[1] <= box[3] + gap


def _beyond(reference: Reference, share: float, before: str, after: str) -> tuple[int, str]:
    return (0, f"{before} {reference.text}") if share < 0 else (1, f"{reference.text} {after}")
