"""The chart of all settings at once: parallel coordinates, an axis for each key, the metric last."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.names import shortened
from bakeoff.report.charts.seed_values import LETTER, WIDE
from bakeoff.report.charts.sketch import sketch
from bakeoff.showcase.palette import ACCENT, INK, LINE, MUTED, NEUTRAL


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
    with sketch(width, height, (side, 0, width - side, height)) as drawn:
        axes = drawn.axes
        axes.set(xlim=(0, 1), ylim=(height, 0), xticks=[], yticks=[])
        levels = [head + between * index for index in range(len(scales))]
        order = sorted(range(len(looks)), key=lambda at: (looks[at].selected, looks[at].strong))
        for at in order:
            look = looks[at]
            style = {"color": NEUTRAL, "alpha": 0.35, "lw": 0.8}
            if look.strong:
                style = {"color": ACCENT, "alpha": 0.75, "lw": 1.2}
            if look.selected:
                style = {"color": ACCENT, "lw": 2.6}
            (line,) = axes.plot([scale.places[at] for scale in scales], levels, **style)
            drawn.tip(line, look.tip)
        for scale, level in zip(scales, levels, strict=True):
            axes.axhline(level, color=LINE, lw=1.2, zorder=0)
            name = shortened(scale.name, width // LETTER)
            axes.text(0, level - 13, name, ha="left", va="center", color=INK, weight="bold")
            for place, text in scale.ticks:
                axes.plot([place] * 2, [level - 3, level + 3], color=MUTED, lw=0.8)
                ha = "left" if place < 0.08 else "right" if place > 0.92 else "center"
                axes.text(place, level + 11, text, ha=ha, va="center", color=MUTED)
        return drawn.svg(label)
