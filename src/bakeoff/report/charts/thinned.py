"""A line of many points with no more of them than can be seen."""

from collections.abc import Sequence
from itertools import groupby

from bakeoff.report.charts.clipped import Place


def thinned(points: Sequence[Place], finest: float = 0.5) -> list[Place]:
    """Of the points of a line from left to right that share a column `finest` pixels wide keep the first,
    the lowest, the highest and the last: a screen shows the same (M4: Jugel et al., VLDB 2014).
    """
    kept: list[Place] = []
    for _, group in groupby(points, key=lambda point: point[0] // finest):
        column = list(group)
        if len(column) > 4:
            heights = [y for _, y in column]
            ends = {0, heights.index(min(heights)), heights.index(max(heights)), len(column) - 1}
            column = [column[at] for at in sorted(ends)]
        kept += column
    return kept
