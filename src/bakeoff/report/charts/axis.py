"""An axis of a chart: where a value lies, in pixels."""

import sys
from dataclasses import dataclass
from math import log10

FAR = 10_000.0  # pixels: what lies farther, as a run that diverged, is drawn at this distance


@dataclass(frozen=True)
class Axis:
    """`limits`, the values at the pixels `ends`; with `log`, ten times as much is as far everywhere."""

    limits: tuple[float, float]
    ends: tuple[float, float]
    log: bool = False

    def share(self, value: float) -> float:
        """Where the value lies between the limits: 0 at the first, 1 at the second, beyond outside."""
        low, high = self.limits
        if self.log:  # a logarithm holds no zero: it lies far below
            low, high, value = (log10(max(each, sys.float_info.min)) for each in (low, high, value))
        return (value - low) / (high - low)

    def at(self, value: float) -> float:
        """The pixel of a value."""
        start, end = self.ends
        return min(max(start + self.share(value) * (end - start), -FAR), FAR)
