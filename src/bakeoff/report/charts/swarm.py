"""Dots that would hide one another stand side by side."""

from collections.abc import Sequence


def swarm(positions: Sequence[float], diameter: float = 6.0) -> list[float]:
    """Find offsets across the axis that keep dots at `positions` along it from hiding one another.

    Both in the same unit. Three lanes: past those, dots overlap rather than leave their row.
    """
    lanes = [0.0, -diameter, diameter]
    last = dict.fromkeys(lanes, float("-inf"))
    offsets = [0.0] * len(positions)
    for index in sorted(range(len(positions)), key=positions.__getitem__):
        free = [lane for lane in lanes if positions[index] - last[lane] >= diameter]
        offsets[index] = free[0] if free else min(lanes, key=last.__getitem__)
        last[offsets[index]] = positions[index]
    return offsets
