"""The parts of a line that a frame holds."""

from collections.abc import Sequence
from itertools import pairwise

from bakeoff.report.charts.labels import Box

Place = tuple[float, float]


def clipped(points: Sequence[Place], frame: Box) -> list[list[Place]]:
    """Cut a line through `points` at the edges of the frame: the parts that lie in it, in their order."""
    parts: list[list[Place]] = []
    for start, end in pairwise(points):
        held = _held(start, end, frame)
        if held is None:
            continue
        if parts and parts[-1][-1] == held[0]:
            parts[-1].append(held[1])
        else:
            parts.append(list(held))
    return parts


def _held(start: Place, end: Place, frame: Box) -> tuple[Place, Place] | None:
    """The part of one straight piece that the frame holds, None where it holds none (Liang and Barsky, ACM
    Transactions on Graphics 3, 1984).
    """
    first, last = 0.0, 1.0  # shares of the way from start to end
    for axis in (0, 1):
        step = end[axis] - start[axis]
        for sign, edge in ((-1, frame[axis]), (1, frame[axis + 2])):
            outside = sign * (start[axis] - edge)  # how far beyond the edge it starts
            if sign * step > 0:
                last = min(last, -outside / (sign * step))
            elif sign * step < 0:
                first = max(first, -outside / (sign * step))
            elif outside > 0:
                return None
    if first > last:
        return None
    return _between(start, end, first), _between(start, end, last)


def _between(start: Place, end: Place, share: float) -> Place:
    if share in (0, 1):
        return end if share else start
    return tuple(a + share * (b - a) for a, b in zip(start, end, strict=True))
