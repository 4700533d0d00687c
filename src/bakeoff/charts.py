"""Charts as inline SVG: text stays text, colours are the page's CSS variables, no pyplot.

Each function returns one `<svg>` for the page: without a fixed size or font, so that it scales and
reads like the text around it, and with ids that no other chart on the page has.
"""

import hashlib
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# name: (light, dark). The page declares these as CSS variables; a chart is drawn in the light ones.
PALETTE = {
    "paper": ("#fdfdfc", "#16191c"),
    "ink": ("#1f2428", "#e3e6e8"),
    "muted": ("#646c74", "#9aa3ab"),
    "line": ("#e5e6e3", "#2e343a"),
    "neutral": ("#8d959d", "#78828b"),
    "accent": ("#176b8c", "#63b6d6"),
    "warm": ("#b57a25", "#d9a658"),
    "bad": ("#b33d2c", "#e8836f"),
}
INK, MUTED, LINE, PAPER = (PALETTE[name][0] for name in ("ink", "muted", "line", "paper"))
NEUTRAL, ACCENT, WARM, BAD = (PALETTE[name][0] for name in ("neutral", "accent", "warm", "bad"))
VARIABLES = {light: f"var(--{name})" for name, (light, _) in PALETTE.items()}
FONT_SIZE = 11
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
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

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class Dot:
    """One run's value, with what a reader sees on pointing at it."""

    value: float
    tip: str
    completed: bool = True


@dataclass(frozen=True)
class Row:
    """One candidate: its runs' values, their mean, the interval, and the mean as it is printed."""

    name: str
    dots: list[Dot]
    mean: float | None
    interval: tuple[float, float] | None
    text: str
    selected: bool = False


@dataclass(frozen=True)
class Trace:
    """One line of a panel, drawn by `kind`.

    `run` is thin, `mean` bold, `lost` dashed, `other` a reference behind them, `best` dots only.
    """

    x: list[int]
    y: list[float]
    kind: str
    colour: str = ACCENT
    tip: str = ""


@dataclass(frozen=True)
class Scale:
    """Limits that the panels of one quantity share."""

    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False
    x_label: str = "epoch"


@dataclass(frozen=True)
class Point:
    """One candidate in the plane of a cost and the metric."""

    name: str
    x: float
    y: float
    interval: tuple[float, float] | None
    tip: str
    selected: bool = False


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
        return _inline(buffer.getvalue(), label, self.tips)


def seed_values(rows: Sequence[Row], label: str) -> str:
    """Draw every run's value per candidate, over the mean (tick) and its interval (bar).

    `rows` from best to worst, drawn from the top; at least one has a dot.
    """
    row_height, width, foot = 48, 520, 26
    height = row_height * len(rows) + foot
    values = [dot.value for row in rows for dot in row.dots]
    limits = value_limits(values, [row.interval for row in rows if row.interval])
    unit = (limits[1] - limits[0]) / width
    with _sketch(width, height, (0, foot, width, height)) as sketch:
        axes = sketch.axes
        axes.set(xlim=limits, ylim=(row_height * len(rows), 0), yticks=[])
        axes.grid(axis="x")
        for index, row in enumerate(rows):
            colour = ACCENT if row.selected else NEUTRAL
            y = row_height * index + 32
            axes.axhline(row_height * index, color=LINE, lw=0.8)
            _row_text(axes, row, y - 17)
            if row.interval:
                axes.plot(row.interval, [y, y], color=colour, alpha=0.28, lw=9)
            if row.mean is not None:
                axes.plot([row.mean] * 2, [y - 9, y + 9], color=colour, lw=2)
            offsets = swarm([dot.value / unit for dot in row.dots])
            for dot, offset in zip(row.dots, offsets, strict=True):
                # Hollow: the run did not complete, its value is not part of the mean.
                look = (
                    {"mfc": colour, "mec": PAPER} if dot.completed else {"mfc": PAPER, "mec": BAD}
                )
                (mark,) = axes.plot(dot.value, y + offset, "o", ms=6.5, mew=1, **look)
                sketch.tip(mark, dot.tip)
        return sketch.svg(label)


def learning_curves(traces: Sequence[Trace], scale: Scale, label: str) -> str:
    """Draw one small panel of a candidate's curves, on the scale it shares with the others."""
    looks = {
        "other": {"lw": 1.4, "alpha": 0.5},
        "run": {"lw": 0.9, "alpha": 0.45},
        "lost": {"lw": 1.1, "alpha": 0.9, "ls": (0, (3, 2))},
        "mean": {"lw": 2.0},
        "best": {"lw": 0, "marker": "o", "ms": 5.2, "mec": PAPER, "mew": 0.8},
    }
    with _sketch(320, 180, (42, 32, 314, 172)) as sketch:
        axes = sketch.axes
        if scale.log:
            _log_axis(axes.set_yscale, axes.yaxis, scale.y)
        axes.set(xlim=scale.x, ylim=scale.y)
        axes.grid(axis="y")
        for trace in sorted(traces, key=lambda trace: list(looks).index(trace.kind)):
            # A single value is no line; a dot shows that it is there.
            dot = {"marker": "o", "ms": 3.5, "mew": 0} if len(trace.x) == 1 else {}
            look = dot | looks[trace.kind]
            (line,) = axes.plot(trace.x, trace.y, color=trace.colour, **look)
            if trace.tip:
                sketch.tip(line, trace.tip)
        axes.locator_params(axis="x", integer=True, nbins=6)
        if not scale.log:
            axes.locator_params(axis="y", nbins=6)
        axes.set_xlabel(scale.x_label, labelpad=2)
        return sketch.svg(label)


def trade_off(points: Sequence[Point], x_label: str, log: bool, label: str) -> tuple[str, int]:
    """Draw the metric against a cost; return the chart and how many labels found no room.

    `points` are labelled in the order given, so the most important come first. A log scale needs
    positive x.
    """
    width, height = 480, 320
    frame = (48.0, 40.0, width - 8.0, height - 8.0)
    x_limits = padded([point.x for point in points], log, share=0.12)
    intervals = [point.interval for point in points if point.interval]
    with _sketch(width, height, frame) as sketch:
        axes = sketch.axes
        if log:
            _log_axis(axes.set_xscale, axes.xaxis, x_limits)
        axes.set(xlim=x_limits, ylim=value_limits([point.y for point in points], intervals))
        axes.xaxis.set_major_formatter(short_number)
        axes.grid(axis="both")
        axes.set_xlabel(x_label, labelpad=4)
        for point in points:
            colour = ACCENT if point.selected else NEUTRAL
            if point.interval:
                axes.plot([point.x] * 2, point.interval, color=colour, alpha=0.4, lw=2)
            (mark,) = axes.plot(point.x, point.y, "o", ms=8, mfc=colour, mec=PAPER, mew=1.2)
            sketch.tip(mark, point.tip)
        left_out = _label(axes, points, frame)
        return sketch.svg(label), left_out


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


def place_labels(
    anchors: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    obstacles: Sequence[Box],
    frame: Box,
) -> list[Box | None]:
    """Find each label a box beside its anchor that meets no obstacle, no other label, no edge.

    Greedy, in the order given, nearest place first; None where there is none within reach.
    """
    taken = list(obstacles)
    boxes: list[Box | None] = []
    for anchor, size in zip(anchors, sizes, strict=True):
        free = (box for box in _places(*anchor, *size) if _inside(box, frame))
        box = next((box for box in free if not any(_meet(box, other) for other in taken)), None)
        boxes.append(box)
        if box:
            taken.append(box)
    return boxes


def _places(x: float, y: float, width: float, height: float) -> list[Box]:
    """List boxes around (x, y), near before far: at its sides, then at its corners."""
    places = []
    for gap in (9, 22, 38, 56, 78):
        for across, up in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)]:
            left = x + across * gap - width * (1 - across) / 2
            bottom = y + up * gap - height * (1 - up) / 2
            places.append((left, bottom, left + width, bottom + height))
    return places


def _inside(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _label(axes: "Axes", points: Sequence[Point], frame: Box) -> int:
    """Write the names beside the points; return the number of those without room."""
    anchors = [tuple(axes.transData.transform((p.x, p.y))) for p in points]
    obstacles = [(x - 6, y - 6, x + 6, y + 6) for x, y in anchors]
    for point, (x, _) in zip(points, anchors, strict=True):
        if point.interval:
            low, high = (axes.transData.transform((point.x, end))[1] for end in point.interval)
            obstacles.append((x - 3, low, x + 3, high))
    names = [shortened(point.name, 30) for point in points]
    sizes = [(text_width(name), FONT_SIZE + 4.0) for name in names]
    boxes = place_labels(anchors, sizes, obstacles, frame)
    for point, name, (x, y), box in zip(points, names, anchors, boxes, strict=True):
        if box is None:
            continue
        to_data = axes.transData.inverted().transform
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        near = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
        if abs(near[0] - x) + abs(near[1] - y) > 16:
            axes.plot(*zip(to_data((x, y)), to_data(near), strict=True), color=MUTED, lw=0.6)
        # Anchored at the side that faces its point, so that a narrower font stays beside it.
        side = "left" if box[0] > x else "right" if box[2] < x else "center"
        at = {"left": box[0], "right": box[2], "center": middle[0]}[side]
        style = {"color": ACCENT, "weight": "bold"} if point.selected else {"color": INK}
        axes.text(*to_data((at, middle[1])), name, ha=side, va="center", **style)
    return sum(box is None for box in boxes)


def text_width(text: str) -> float:
    """Estimate generously how wide `text` is in the page's font, which only the browser knows."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return FONT_SIZE * (0.62 * (len(text) - wide) + 1.05 * wide)


def distinguishing(names: Sequence[str]) -> list[str]:
    """Shorten names made of overrides to what tells them apart.

    What all have in common is left out, of a dotted key all but its end, and of the choice of a group
    all but what is chosen: `model=mlp optimizer.lr=0.1` beside `model=rnn optimizer.lr=0.2` is `mlp
    lr=0.1`.
    """
    separator = " " if any(" " in name for name in names) else ","
    parts = [name.split(separator) for name in names]
    shared = set(parts[0]).intersection(*parts[1:]) if len(parts) > 1 else set()
    short = [
        separator.join(
            re.sub(r"^[\w.]+\.(?=\w+=)|^\w+=(?=[A-Za-z])", "", part)
            for part in own
            if part not in shared
        )
        for own in parts
    ]
    return short if all(short) and len(set(short)) == len(set(names)) else list(names)


def shortened(text: str, limit: int) -> str:
    """Cut `text` in the middle to one line of at most `limit` letters: both ends may tell."""
    text = " ".join("".join(filter(str.isprintable, part)) for part in text.split())
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[-tail:]}"


def _row_text(axes: "Axes", row: Row, y: float) -> None:
    style = {"color": ACCENT, "weight": "bold"} if row.selected else {"color": INK}
    place = {"transform": axes.get_yaxis_transform(), "va": "center"}
    axes.text(0, y, shortened(row.name, 64), ha="left", **place, **style)
    axes.text(1, y, row.text, ha="right", **place, **style)


def padded(values: Sequence[float], log: bool, share: float) -> tuple[float, float]:
    """Widen the range of `values` by `share` on either side, also where it is a single value."""
    low, high = min(values), max(values)
    if log:
        pad = (high / low) ** share if high > low else 2.0
        return low / pad, high * pad
    pad = share * (high - low) or 0.05 * abs(high) or 0.05
    return low - pad, high + pad


def short_number(value: float, _: int | None = None) -> str:
    """Write a count as an axis shows it: 1500 is 1.5k."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def _log_axis(set_scale: Callable[[str], None], axis: "Axis", limits: tuple[float, float]) -> None:
    """Set a log scale with ticks at 1, 2, 5 where powers of ten alone would be too few."""
    from matplotlib.ticker import LogLocator, NullLocator

    set_scale("log")
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if limits[1] / limits[0] < 200 else (1,)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(short_number)


@contextmanager
def _sketch(width: int, height: int, frame: Box) -> Iterator[Sketch]:
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


def _inline(document: str, label: str, tips: Sequence[str]) -> str:
    """Turn matplotlib's SVG document into an element of the page."""
    root = ElementTree.fromstring(document)
    for child in list(root):
        # Its style sheet would apply to the whole page.
        if child.tag == f"{SVG}metadata" or child.find(f"{SVG}style") is not None:
            root.remove(child)
    view_box = root.attrib["viewBox"]
    # Ids are named by content, so that two charts may share one: a prefix keeps them apart.
    content = (label + document).encode(errors="replace")
    prefix = f"c{hashlib.sha256(content).hexdigest()[:8]}-"
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', document))
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.text, element.tail = (element.text or "").strip(), None
        tip = re.fullmatch(r"tip-(\d+)", element.attrib.get("id", ""))
        attributes = dict(_attributes(element.attrib, used, prefix))
        element.attrib.clear()
        element.attrib.update(attributes)
        if tip:
            element.insert(0, title := ElementTree.Element(f"{SVG}title"))
            title.text = tips[int(tip[1])]
    root.attrib.clear()
    root.attrib.update({"class": "chart", "role": "img", "aria-label": label, "viewBox": view_box})
    root.attrib["style"] = f"max-width: {1.25 * float(view_box.split()[2]):.0f}px"
    return ElementTree.tostring(root, encoding="unicode")


def _attributes(given: dict[str, str], used: set[str], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield an element's attributes as the page needs them: its colours, its font, unique ids."""
    for name, value in given.items():
        match name.removeprefix(XLINK):
            case "id" if value in used:
                yield "id", prefix + value
            case "href":
                yield "href", f"#{prefix}{value.removeprefix('#')}"
            case "clip-path":
                yield name, value.replace("url(#", f"url(#{prefix}")
            case "style":
                value = re.sub(r"font-family: [^;]*(; |$)", "", value)
                yield name, re.sub("#[0-9a-f]{6}", lambda m: VARIABLES.get(m[0], m[0]), value)
            case "d" | "x" | "y":
                # Hundredths of a pixel are enough, and halve the file.
                value = re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):.2f}", value)
                yield name, " ".join(value.split())
            case "width" | "height":
                yield name, value
