"""The chart of every candidate's difference to the leader, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.limits import padded
from bakeoff.report.charts.names import shortened
from bakeoff.report.charts.seed_values import LETTER, WIDE
from bakeoff.report.charts.sketch import THIN, Sketch
from bakeoff.report.charts.ticks import linear_ticks
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
    axis = Axis(limits, (0, width))
    drawn = Sketch(width, height, (0, 0, width, height - foot))
    drawn.scale_below(axis, linear_ticks(limits, width // 75))
    for index, gap in enumerate(gaps):
        top = row_height * index
        drawn.line([(0, top), (width, top)], LINE, THIN)
        drawn.line([(axis.at(0), top + row_height), (axis.at(0), top + 20)], ACCENT, 1.4)
        colour = INK if gap.open else NEUTRAL
        drawn.line([(axis.at(end), top + 29) for end in gap.interval], colour, 2, opacity=0.55)
        face = colour if gap.open else PAPER
        drawn.dot((axis.at(gap.mean), top + 29), 7, face, colour, tip=gap.tip)
        letters = width // LETTER - 1 - len(gap.text)
        drawn.text((0, top + 12), shortened(gap.name, letters))
        drawn.text((width, top + 12), gap.text, MUTED, "end")
    return drawn.svg(label)
