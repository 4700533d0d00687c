"""A value that others are set against: a dashed grey line across a chart, with its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.showcase.palette import MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DASHES = (0, (4, 3))


@dataclass(frozen=True)
class Reference:
    """The value, and what is written beside its line."""

    value: float
    text: str


def in_reach(reference: Reference | None, values: Sequence[float]) -> list[float]:
    """The reference's value, where an axis that holds `values` can hold it too without dwarfing them."""
    if reference is None:
        return []
    low, high = min(values), max(values)
    reach = high - low or 0.05 * abs(high) or 0.05
    return [reference.value] if low - reach <= reference.value <= high + reach else []


def upright_line(axes: "Axes", reference: Reference, y: float) -> None:
    """Draw the reference across an x axis, with its text at the height y; where the axis does not reach it,
    its text at that side with an arrow.
    """
    low, high = axes.get_xlim()
    share = (reference.value - low) / (high - low)
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "color": MUTED}
    if not 0 <= share <= 1:
        side, text = _beyond(reference, share, "←", "→")
        axes.text(side, y, text, ha="left" if side == 0 else "right", **place)
        return
    axes.axvline(reference.value, color=MUTED, lw=1.1, ls=DASHES)
    ha = "left" if share < 0.5 else "right"
    axes.text(share + (0.01 if share < 0.5 else -0.01), y, reference.text, ha=ha, **place)


def level_line(axes: "Axes", reference: Reference) -> None:
    """Draw the reference across a y axis, with its text at the right; where the axis does not reach it, its
    text at that end with an arrow.
    """
    low, high = axes.get_ylim()
    share = (reference.value - low) / (high - low)
    place = {"transform": axes.transAxes, "ha": "right", "color": MUTED}
    if not 0 <= share <= 1:
        end, text = _beyond(reference, share, "↓", "↑")
        axes.text(1, end, text, va="bottom" if end == 0 else "top", **place)
        return
    axes.axhline(reference.value, color=MUTED, lw=1.1, ls=DASHES)
    va = "top" if share > 0.9 else "bottom"
    axes.text(1, share + (-0.012 if share > 0.9 else 0.012), reference.text, va=va, **place)


def _beyond(reference: Reference, share: float, before: str, after: str) -> tuple[int, str]:
    return (0, f"{before} {reference.text}") if share < 0 else (1, f"{reference.text} {after}")
