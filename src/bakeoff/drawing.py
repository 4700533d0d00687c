"""Boxes and labels drawn on images, and images in a grid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TRUE = "#2fd12f"
PREDICTED = "#ff4fa3"
LINE = 2  # pixels of the drawn picture
TEXT = 13
STRIP = TEXT + 5  # height of the line of text under an image


@dataclass(frozen=True)
class Mark:
    """A box (x0, y0, x1, y1) in pixels of the image, drawn in `colour`."""

    box: tuple[float, float, float, float]
    colour: str


def draw(
    image: np.ndarray,
    marks: Sequence[Mark],
    caption: Sequence[tuple[str, str]] = (),
    scale: int = 4,
) -> Image.Image:
    """`image` (H, W) or (H, W, 3) uint8, enlarged `scale` times, with `marks` and a line of text.

    `caption` are pieces of text with their colours, from left to right under the image.
    """
    picture = Image.fromarray(image).convert("RGB")
    picture = picture.resize(
        (picture.width * scale, picture.height * scale), Image.Resampling.NEAREST
    )
    pen = ImageDraw.Draw(picture)
    for mark in marks:
        x0, y0, x1, y1 = (scale * edge for edge in mark.box)
        box = (min(x0, x1), min(y0, y1), max(x0, x1) - 1, max(y0, y1) - 1)
        if box[0] <= box[2] and box[1] <= box[3]:
            pen.rectangle(box, outline=mark.colour, width=LINE)
    if not caption:
        return picture
    framed = Image.new("RGB", (picture.width, picture.height + STRIP), "black")
    framed.paste(picture)
    pen, x = ImageDraw.Draw(framed), 4
    font = ImageFont.load_default(TEXT)
    for text, colour in caption:
        pen.text((x, picture.height + 1), text, colour, font)
        x += int(pen.textlength(text + "  ", font))
    return framed


def grid(pictures: Sequence[Image.Image], columns: int, gap: int = 6) -> Image.Image:
    """Pictures of one size, row by row, on white."""
    width, height = pictures[0].size
    rows = -(-len(pictures) // columns)
    columns = min(columns, len(pictures))
    size = (columns * (width + gap) - gap, rows * (height + gap) - gap)
    canvas = Image.new("RGB", size, "white")
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        canvas.paste(picture, (column * (width + gap), row * (height + gap)))
    return canvas
