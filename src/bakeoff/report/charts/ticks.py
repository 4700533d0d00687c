"""Ticks of an axis that are few and read well."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axis import Axis


def short_number(value: float, _: int | None = None) -> str:
    """Write a count as an axis shows it: 1500 is 1.5k."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def log_axis(set_scale: Callable[[str], None], axis: "Axis", limits: tuple[float, float]) -> None:
    """Set a log scale with ticks at 1, 2, 5 where powers of ten alone would be too few."""
    from matplotlib.ticker import LogLocator, NullLocator

    set_scale("log")
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if limits[1] / limits[0] < 200 else (1,)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(short_number)
