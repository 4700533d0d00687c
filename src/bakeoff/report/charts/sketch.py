"""A chart under construction: matplotlib's figure without pyplot, in the report's style."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING

from bakeoff.report.charts.inline_svg import inline
from bakeoff.report.charts.labels import Box
from bakeoff.report.charts.names import FONT_SIZE
from bakeoff.showcase.palette import LINE, MUTED

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "bakeoff",  # the same evidence gives the same file
    "lines.solid_capstyle": "butt",  # an interval ends where it ends
    "text.parse_math": False,  # a candidate's name may hold a dollar sign
    "font.size": FONT_SIZE,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": FONT_SIZE,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "grid.color": LINE,
    "grid.linewidth": 0.8,
    **{f"{axis}tick.labelcolor": MUTED for axis in "xy"},
    **{f"{axis}tick.labelsize": FONT_SIZE for axis in "xy"},
}


@dataclass
class Sketch:
    """A figure under construction and the tips of its marks."""

    figure: "Figure"
    axes: "Axes"
    tips: list[str] = field(default_factory=list)

    def tip(self, artist: "Artist", text: str) -> None:
        """Let `artist` show `text` on pointing at it."""
        artist.set_gid(f"tip-{len(self.tips)}")
        self.tips.append(text)

    def svg(self, label: str) -> str:
        """Return the figure as an `<svg>` element; `label` tells what it shows."""
        buffer = StringIO()
        self.figure.savefig(buffer, format="svg", metadata={"Date": None})
        return inline(buffer.getvalue(), label, self.tips)


@contextmanager
def sketch(width: int, height: int, frame: Box) -> Iterator[Sketch]:
    """Open an empty figure whose unit is the SVG's: a point is a pixel of the natural size."""
    import matplotlib.style
    from matplotlib.figure import Figure

    # matplotlib reads its settings while it draws too, so all of it happens in here.
    with matplotlib.style.context(["default", STYLE]), warnings.catch_warnings():
        # It measures text in a font of its own; the browser, which writes it, has more.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        left, bottom, right, top = frame
        axes = figure.add_axes(
            (left / width, bottom / height, (right - left) / width, (top - bottom) / height)
        )
        axes.tick_params(which="both", bottom=False, left=False)
        figure.patch.set_visible(False)
        axes.patch.set_visible(False)
        yield Sketch(figure, axes)
