"""The chart of all settings at once: parallel coordinates, an axis for each key, the metric last."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.names import shortened
from bakeoff.report.charts.seed_values import LETTER, WIDE
from bakeoff.report.charts.sketch import THIN, Sketch
from bakeoff.showcase.palette import ACCENT, LINE, MUTED, NEUTRAL


@dataclass(frozen=True)
class Scale:
    """One axis: its name, its ticks, and the places of all candidates, each between 0 and 1."""

    name: str
    ticks: list[tuple[float, str]]
    places: list[float]


@dataclass(frozen=True)
class Look:
    """How one candidate is drawn: `strong` in colour, `selected` bold, and what pointing at it shows."""

    tip: str
    strong: bool
    selected: bool


def draw_parallel(
    scales: Sequence[Scale], looks: Sequence[Look], label: str, width: int = WIDE
) -> str:
    """Draw each candidate as a line from axis to axis, the axes across and one below the other."""
    between, head, foot, side = 72, 24, 20, 1
    height = head + between * (len(scales) - 1) + foot
    axis = Axis((0, 1), (side, width - side))
    drawn = Sketch(width, height, (0, 0, width, height))
    levels = [head + between * index for index in range(len(scales))]
    for level in levels:
        drawn.line([(side, level), (width - side, level)], LINE, 1.2)
    order = sorted(range(len(looks)), key=lambda at: (looks[at].selected, looks[at].strong))
    for at in order:
        look = looks[at]
        places = [axis.at(scale.places[at]) for scale in scales]
        colour, thickness, opacity = _style(look)
        line = list(zip(places, levels, strict=True))
        drawn.line(line, colour, thickness, opacity=opacity, tip=look.tip)
    for scale, level in zip(scales, levels, strict=True):
        drawn.text((0, level - 14), shortened(scale.name, width // LETTER), bold=True)
        for place, text in scale.ticks:
            x = axis.at(place)
            drawn.line([(x, level - 3), (x, level + 3)], MUTED, THIN)
            anchor = "start" if place < 0.08 else "end" if place > 0.92 else "middle"
            drawn.text((x, level + 10), text, MUTED, anchor)
    return drawn.svg(label)


def _style(look: Look) -> tuple[str, float, float]:
    """A line's colour, width and opacity."""
    if look.selected:
        return ACCENT, 2.6, 1
    return (ACCENT, 1.2, 0.75) if look.strong else (NEUTRAL, THIN, 0.35)
