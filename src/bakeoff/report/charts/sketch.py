"""A chart under construction: lines, dots and texts, as an SVG element of the page."""

from collections.abc import Sequence
from html import escape

from bakeoff.report.charts.axis import Axis
from bakeoff.report.charts.clipped import Place, clipped
from bakeoff.report.charts.labels import Box
from bakeoff.report.charts.names import FONT_SIZE
from bakeoff.report.charts.ticks import Tick
from bakeoff.showcase.palette import INK, LINE, MUTED, PALETTE, PAPER

VARIABLES = {light: f"var(--{name})" for name, (light, _) in PALETTE.items()}
MIDDLE = 4.0  # pixels from the middle of a line of text down to its baseline
THIN = 0.8


class Sketch:
    """All places are pixels of its natural size, from the upper left corner. Lines end at the `frame`, and
    a dot outside it is not drawn; the lines of a scale lie behind them, texts in front. Colours are those
    of the palette and follow the page; the page gives the font.
    """

    def __init__(self, width: int, height: int, frame: Box) -> None:
        self.width, self.height, self.frame = width, height, frame
        self._behind: list[str] = []
        self._marks: list[str] = []
        self._front: list[str] = []

    def line(
        self,
        points: Sequence[Place],
        colour: str,
        width: float,
        *,
        opacity: float = 1,
        dashes: str = "",
        tip: str = "",
    ) -> None:
        """Draw a line through the points; `tip` is shown on pointing at it."""
        parts = clipped(points, self.frame)
        if not parts:
            return
        look = _stroke(colour, width) + (f"; stroke-opacity: {opacity}" if opacity < 1 else "")
        look += f"; stroke-dasharray: {dashes}" if dashes else ""
        self._marks.append(_path(parts, look, tip))

    def dot(
        self,
        place: Place,
        diameter: float,
        fill: str,
        edge: str = PAPER,
        edge_width: float = 1.2,
        *,
        opacity: float = 1,
        tip: str = "",
    ) -> None:
        """Draw a dot; `tip` is shown on pointing at it."""
        x, y = place
        left, top, right, bottom = self.frame
        if not (left <= x <= right and top <= y <= bottom):
            return
        look = f"fill: {_paint(fill)}; stroke: {_paint(edge)}; stroke-width: {edge_width}"
        look += f"; opacity: {opacity}" if opacity < 1 else ""
        circle = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{diameter / 2}" style="{look}"'
        self._marks.append(f"{circle}>{_title(tip)}</circle>")

    def area(self, points: Sequence[Place], colour: str, opacity: float) -> None:
        """Fill what the points enclose, all of them in the frame."""
        self._marks.append(_path([points], f"fill: {_paint(colour)}; fill-opacity: {opacity}"))

    def text(
        self,
        place: Place,
        text: str,
        colour: str = INK,
        anchor: str = "start",
        *,
        bold: bool = False,
    ) -> None:
        """Write one line, its middle at the height of `place`, that it begins at, or as `anchor` says."""
        x, y = place
        weight = "font-weight: 700; " if bold else ""
        look = f"{weight}font-size: {FONT_SIZE}px; text-anchor: {anchor}; fill: {_paint(colour)}"
        self._front.append(
            f'<text x="{x:.2f}" y="{y + MIDDLE:.2f}" style="{look}">{escape(text)}</text>'
        )

    def scale_below(
        self, axis: Axis, ticks: Sequence[Tick], *, grid: bool = True, label: str = ""
    ) -> None:
        """Draw the x axis along the bottom of the frame."""
        left, top, right, bottom = self.frame
        for value, text in ticks:
            x = axis.at(value)
            if grid:
                self._behind.append(_path([[(x, bottom), (x, top)]], _stroke(LINE, THIN)))
            self.text((x, bottom + 11), text, MUTED, "middle")
        self._front.append(_path([[(left, bottom), (right, bottom)]], _stroke(LINE, THIN)))
        if label:
            self.text(((left + right) / 2, bottom + 25), label, MUTED, "middle")

    def scale_left(self, axis: Axis, ticks: Sequence[Tick]) -> None:
        """Draw the y axis beside the frame, its lines across."""
        left, _, right, _ = self.frame
        for value, text in ticks:
            y = axis.at(value)
            self._behind.append(_path([[(left, y), (right, y)]], _stroke(LINE, THIN)))
            self.text((left - 7, y), text, MUTED, "end")

    def svg(self, label: str) -> str:
        """The chart as an `<svg>` element; `label` tells what it shows.

        Without a fixed size or font, so that it scales and reads like the text around it.
        """
        drawn = "".join([*self._behind, *self._marks, *self._front])
        return (
            f'<svg class="chart" role="img" '
            f'aria-label="{escape(label)}" viewBox="0 0 {self.width} {self.height}" '
            f'style="max-width: {1.25 * self.width:.0f}px">{drawn}</svg>'
        )


def _path(parts: Sequence[Sequence[Place]], look: str, tip: str = "") -> str:
    # Hundredths of a pixel are enough.
    way = " ".join("M " + " L ".join(f"{x:.2f} {y:.2f}" for x, y in part) for part in parts)
    return f'<path d="{way}" style="{look}">{_title(tip)}</path>'


def _stroke(colour: str, width: float) -> str:
    return f"fill: none; stroke: {_paint(colour)}; stroke-width: {width}"


def _title(tip: str) -> str:
    return f"<title>{escape(tip)}</title>" if tip else ""


def _paint(colour: str) -> str:
    return VARIABLES.get(colour, colour)
