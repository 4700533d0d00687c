"""The chart of every run's value, a row for each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report.charts.limits import value_limits
from bakeoff.report.charts.names import shortened
from bakeoff.report.charts.reference import Reference, in_reach, upright_line
from bakeoff.report.charts.sketch import sketch
from bakeoff.report.charts.swarm import swarm
from bakeoff.showcase.palette import ACCENT, BAD, INK, LINE, NEUTRAL, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    unit = (limits[1] - limits[0]) / width
    with sketch(width, height, (0, foot, width, height)) as drawn:
        axes = drawn.axes
        axes.set(xlim=limits, ylim=(row_height * len(rows), -head), yticks=[])
        axes.grid(axis="x")
        axes.locator_params(axis="x", nbins=width // 75)
        if reference:
            upright_line(axes, reference, -head / 2)
        for index, row in enumerate(rows):
            colour = ACCENT if row.selected else NEUTRAL
            y = row_height * index + 32
            axes.axhline(row_height * index, color=LINE, lw=0.8)
            _row_text(axes, row, y - 17, width // LETTER - 1)
            if row.interval:
                axes.plot(row.interval, [y, y], color=colour, alpha=0.28, lw=9)
            if row.mean is not None:
                axes.plot([row.mean] * 2, [y - 9, y + 9], color=colour, lw=2)
            offsets = swarm([dot.value / unit for dot in row.dots])
            for dot, offset in zip(row.dots, offsets, strict=True):
                # Hollow: the run did not complete, its value is not part of the mean.
                look = (
                    {"mfc": colour, "mec": PAPER} if dot.completed else {"mfc": PAPER, "mec": BAD}
                )
                (mark,) = axes.plot(dot.value, y + offset, "o", ms=6.5, mew=1, **look)
                drawn.tip(mark, dot.tip)
        return drawn.svg(label)


def _row_text(axes: "Axes", row: Row, y: float, letters: int) -> None:
    style = {"color": ACCENT, "weight": "bold"} if row.selected else {"color": INK}
    place = {"transform": axes.get_yaxis_transform(), "va": "center"}
    axes.text(0, y, shortened(row.name, letters - len(row.text)), ha="left", **place, **style)
    axes.text(1, y, row.text, ha="right", **place, **style)
