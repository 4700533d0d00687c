"""The picture of a gradient check."""

import math
import textwrap
from collections.abc import Sequence

from matplotlib.figure import Figure
from PIL import Image

from bakeoff.nets.scratch.gradient_check import TOLERANCES, Difference
from bakeoff.showcase.palette import ACCENT, INK, LINE, MUTED, WARM
from bakeoff.showcase.raster import rasterized

LOOKS = {
    "autograd": (ACCENT, "o", "autograd"),
    "central": (WARM, "s", "central differences"),
}
LEAST = 1e-18  # where what is exactly equal is drawn
LETTERS = 84  # of a line of the title


def draw_differences(differences: Sequence[Difference], title: str) -> Image.Image:
    """A row per parameter, in the net's order, on a logarithmic axis; the tolerances as dashed lines."""
    lines = textwrap.wrap(title, LETTERS)
    height = 1.3 + 0.2 * len(lines) + 0.3 * len(differences)
    figure = Figure(figsize=(6.4, height), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    rows = range(len(differences))
    for kind, (colour, marker, label) in LOOKS.items():
        values = [max(getattr(d, kind), LEAST) for d in differences]  # NaN stays and is not drawn
        label = f"{label} (tolerance {TOLERANCES[kind]:.0e})".replace("e-0", "e-")
        axes.plot(values, rows, marker, color=colour, ms=6, label=label, clip_on=False)
        axes.axvline(TOLERANCES[kind], color=colour, lw=1, ls=(0, (4, 3)))
    largest = max((getattr(d, kind) for d in differences for kind in LOOKS), key=_known)
    axes.set(xscale="log", xlim=(LEAST, max(1e-3, 10 * _known(largest))))
    axes.set_ylim(len(differences) - 0.5, -0.5)
    axes.set_yticks(rows, [d.name for d in differences], color=INK)
    axes.tick_params(length=0, labelsize=9, labelcolor=INK)
    axes.grid(axis="both", color=LINE, lw=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("largest difference, relative to the gradient's largest number", color=MUTED)
    # A candidate's name may hold a dollar sign.
    text = {"color": INK, "fontsize": 10, "x": 0.02, "ha": "left", "parse_math": False}
    figure.suptitle("\n".join(lines), **text)
    figure.legend(loc="outside lower left", ncols=2, frameon=False, fontsize=9)
    return rasterized(figure)


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value
