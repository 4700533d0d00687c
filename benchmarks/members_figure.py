"""A figure of members that train as one, against one after another, over their number."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from bakeoff.showcase.palette import ACCENT, INK, LINE, MUTED, PAPER, WARM

FORMATS = (".svg", ".png")
STYLE = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "bakeoff",  # the same figure is the same file
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": LINE,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
}

Curve = Mapping[int, float]  # a value for each number of members


class Panel(NamedTuple):
    """What members cost or do in one case; `times` says how much better it is to train them as one."""

    title: str
    unit: str
    apart: Curve
    as_one: Curve
    times: Curve


def figure_file(given: str) -> Path:
    """The file of an option. Raises ArgumentTypeError where no figure can be written there."""
    path = Path(given)
    if path.suffix not in FORMATS:
        raise argparse.ArgumentTypeError(f"{given}: expected a file that ends in .svg or .png")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{given}: there is no folder {path.parent}")
    return path


def draw(path: Path, panels: Sequence[Panel]) -> None:
    """Write a figure with these panels side by side, all axes logarithmic."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.2 * len(panels), 3.6), layout="constrained", facecolor=PAPER)
        row = figure.subplots(1, len(panels), squeeze=False)[0]
        for axes, panel in zip(row, panels, strict=True):
            _draw_panel(axes, panel)
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _draw_panel(axes: Axes, panel: Panel) -> None:
    curves = (
        (panel.apart, WARM, "one after another"),
        (panel.as_one, ACCENT, "as one (times faster)"),
    )
    for curve, colour, label in curves:
        axes.plot(list(curve), list(curve.values()), "o-", ms=4, color=colour, label=label)
    for count, value in panel.as_one.items():
        place = {"xytext": (0, -15), "textcoords": "offset points", "ha": "center"}
        axes.annotate(
            f"{panel.times[count]:.1f}", (count, value), color=ACCENT, fontsize=9, **place
        )
    axes.set_title(panel.title, fontsize=10, loc="left")
    axes.set(xscale="log", yscale="log", xlabel="members", ylabel=panel.unit)
    axes.set_xticks(list(panel.as_one), [str(count) for count in panel.as_one])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.minorticks_off()
    axes.margins(y=0.15)
    axes.grid(color=LINE)
    axes.set(facecolor=PAPER, axisbelow=True)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.legend(frameon=False)
