"""The chart of every run's value, a row for each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.limits import value_limits
from bakeoff.report.charts.names import shortened
from bakeoff.report.charts.reference import Reference, in_reach, upright_line
from bakeoff.report.charts.sketch import THIN, Sketch
from bakeoff.report.charts.swarm import swarm
from bakeoff.report.charts.ticks import linear_ticks
from bakeoff.showcase.palette import ACCENT, BAD, INK, LINE, NEUTRAL, PAPER


@dataclass(frozen=True)
class Dot:
    """One run's value, with what a reader sees on pointing at it."""

    value: float
    tip: str
    completed: bool = True


@dataclass(frozen=True)
class Row:
    """One candidate: its runs' values, their mean, the interval, and the mean as it is printed."""

    name: str
    dots: list[Dot]
    mean: float | None
    interval: tuple[float, float] | None
    text: str
    selected: bool = False


WIDE, NARROW = 520, 330  # pixels: beside text, and on a phone
LETTER = 8  # pixels, generously


def draw_seed_values(
    rows: Sequence[Row], label: str, width: int = WIDE, reference: Reference | None = None
) -> str:
    """Draw every run's value per candidate, over the mean (tick) and its interval (bar).

    `rows` from best to worst, drawn from the top; at least one has a dot. `reference` is a line across all.
    """
    row_height, foot, head = 48, 26, 22 if reference else 0
    height = head + row_height * len(rows) + foot
    values = [dot.value for row in rows for dot in row.dots]
    values += in_reach(reference, values)
    limits = value_limits(values, [row.interval for row in rows if row.interval])
    axis = Axis(limits, (0, width))
    drawn = Sketch(width, height, (0, 0, width, height - foot))
    drawn.scale_below(axis, linear_ticks(limits, width // 75))
    if reference:
        upright_line(drawn, axis, reference, head / 2)
    for index, row in enumerate(rows):
        top = head + row_height * index
        drawn.line([(0, top), (width, top)], LINE, THIN)
        _draw_row(drawn, axis, row, top)
    return drawn.svg(label)


def _draw_row(drawn: Sketch, axis: Axis, row: Row, top: float) -> None:
    """Draw one candidate: its name and mean above, its runs below."""
    colour, y = ACCENT if row.selected else NEUTRAL, top + 32
    letters = drawn.width // LETTER - 1 - len(row.text)
    ink = ACCENT if row.selected else INK
    drawn.text((0, top + 14), shortened(row.name, letters), ink, bold=row.selected)
    drawn.text((drawn.width, top + 14), row.text, ink, "end", bold=row.selected)
    if row.interval:
        drawn.line([(axis.at(end), y) for end in row.interval], colour, 9, opacity=0.28)
    if row.mean is not None:
        drawn.line([(axis.at(row.mean), y - 9), (axis.at(row.mean), y + 9)], colour, 2)
    places = [axis.at(dot.value) for dot in row.dots]
    for dot, x, offset in zip(row.dots, places, swarm(places), strict=True):
        # Hollow: the run did not complete, its value is not part of the mean.
        fill, edge = (colour, PAPER) if dot.completed else (PAPER, BAD)
        drawn.dot((x, y + offset), 6.5, fill, edge, 1, tip=dot.tip)
