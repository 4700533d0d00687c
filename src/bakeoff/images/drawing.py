"""Boxes and labels drawn on images, and images in a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

TRUE = "#2fd12f"
PREDICTED = "#ff4fa3"
LINE = 2  # pixels of the drawn picture
TEXT = 13
STRIP = TEXT + 5  # height of the line of text under an image


@dataclass(frozen=True)
class Mark:
    """A box (x0, y0, x1, y1) in pixels of the image, drawn in `colour`, with `label` above or below it."""

    box: tuple[float, float, float, float]
    colour: str
    label: str = ""


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font in `size` pixels, read once: a new one draws each glyph anew, which takes longer
    than the rest of a picture.
    """
    return ImageFont.load_default(size)


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
    size = (picture.width * scale, picture.height * scale)
    picture = picture.resize(size, Image.Resampling.NEAREST)
    for mark in marks:
        _draw_mark(picture, mark, scale)
    if not caption:
        return picture
    framed = Image.new("RGB", (picture.width, picture.height + STRIP), "black")
    framed.paste(picture)
    pen, x = ImageDraw.Draw(framed), 4
    font = font_of(TEXT)
    for text, colour in caption:
        pen.text((x, picture.height + 1), text, colour, font)
        x += int(pen.textlength(text + "  ", font))
    return framed


def _draw_mark(picture: Image.Image, mark: Mark, scale: int) -> None:
    pen = ImageDraw.Draw(picture)
    x0, y0, x1, y1 = (scale * edge for edge in mark.box)
    box = (min(x0, x1), min(y0, y1), max(x0, x1) - 1, max(y0, y1) - 1)
    if box[0] > box[2] or box[1] > box[3]:
        return
    pen.rectangle(box, outline=mark.colour, width=LINE)
    if mark.label:
        font = font_of(TEXT)
        above, below = box[1] - STRIP, min(box[3] + 2, picture.height - STRIP)
        right = picture.width - pen.textlength(mark.label, font)
        place = (max(0, min(box[0], right)), above if above >= 0 else below)
        pen.text(place, mark.label, mark.colour, font, stroke_width=2, stroke_fill="black")


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


def as_uint8(images: Tensor) -> np.ndarray:
    """Stored images as they are shown: uint8 as such, others stretched from their least to their most."""
    if images.dtype == torch.uint8:
        return images.numpy()
    low, high = images.min(), images.max()
    return ((images - low) / (high - low).clamp(min=1e-9) * 255).byte().numpy()
