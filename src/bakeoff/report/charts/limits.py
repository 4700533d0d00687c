"""The limits of an axis."""

from collections.abc import Sequence


def padded(values: Sequence[float], log: bool, share: float) -> tuple[float, float]:
    """Widen the range of `values` by `share` on either side, also where it is a single value."""
    low, high = min(values), max(values)
    if log:
        pad = (high / low) ** share if high > low else 2.0
        return low / pad, high * pad
    pad = share * (high - low) or 0.05 * abs(high) or 0.05
    return low - pad, high + pad


def value_limits(
    values: Sequence[float], intervals: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Find limits that hold every value, and the intervals as far as they do not dwarf the values.

    Of two runs a 95 % interval is many times wider than the runs are apart.
    """
    low, high = min(values), max(values)
    reach = 0.6 * (high - low) or 0.05 * abs(high) or 0.05
    low = max(low - reach, min([low, *(interval[0] for interval in intervals)]))
    high = min(high + reach, max([high, *(interval[1] for interval in intervals)]))
    return padded([low, high], log=False, share=0.06)
