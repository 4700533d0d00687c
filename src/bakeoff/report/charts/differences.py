"""The chart of every candidate's difference to the leader, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.limits import padded
from bakeoff.report.charts.names import shortened
from bakeoff.report.charts.seed_values import LETTER, WIDE
from bakeoff.report.charts.sketch import sketch
from bakeoff.showcase.palette import ACCENT, INK, LINE, MUTED, NEUTRAL, PAPER


@dataclass(frozen=True)
class Gap:
    """One candidate's mean minus the leader's, its interval, and both as they are printed; `open` where
    the candidate may be the best.
    """

    name: str
    mean: float
    interval: tuple[float, float]
    text: str
    tip: str
    open: bool


def draw_differences(gaps: Sequence[Gap], label: str, width: int = WIDE) -> str:
    """Draw each difference (dot) with its interval (line) beside the leader's zero; one gap or more.

    A filled dot may be the best, a hollow one not.
    """
    row_height, foot = 40, 26
    height = row_height * len(gaps) + foot
    # All of every interval: where it ends is what the chart is for.
    limits = padded([0.0, *(end for gap in gaps for end in gap.interval)], log=False, share=0.04)
    with sketch(width, height, (0, foot, width, height)) as drawn:
        axes = drawn.axes
        axes.set(xlim=limits, ylim=(row_height * len(gaps), 0), yticks=[])
        axes.grid(axis="x")
        axes.locator_params(axis="x", nbins=width // 75)
        axes.axvline(0, color=ACCENT, lw=1.4)
        place = {"transform": axes.get_yaxis_transform(), "va": "center"}
        for index, gap in enumerate(gaps):
            top = row_height * index
            axes.axhline(top, color=LINE, lw=0.8)
            colour = INK if gap.open else NEUTRAL
            axes.plot(gap.interval, [top + 29] * 2, color=colour, alpha=0.55, lw=2)
            face = colour if gap.open else PAPER
            (mark,) = axes.plot(gap.mean, top + 29, "o", ms=7, mfc=face, mec=colour, mew=1.2)
            drawn.tip(mark, gap.tip)
            letters = width // LETTER - 1 - len(gap.text)
            axes.text(0, top + 13, shortened(gap.name, letters), ha="left", color=INK, **place)
            axes.text(1, top + 13, gap.text, ha="right", color=MUTED, **place)
        return drawn.svg(label)
