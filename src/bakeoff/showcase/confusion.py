"""A confusion matrix as a picture, with each class's precision, recall and F1 beside its row."""

from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw, ImageFont
from torch import Tensor

from bakeoff.metrics.classification import class_scores
from bakeoff.showcase.palette import ACCENT, BAD, INK, MUTED

CELL, TEXT, GAP = 34, 12, 10  # pixels
RIGHT, WRONG = map(ImageColor.getrgb, (ACCENT, BAD))  # of a cell that holds all images of its row
LEAST = 0.12  # tint of a cell with a single image of many
SCORES = {"precision": "precision", "recall": "recall", "f1": "F1", "images": "examples"}


def draw_confusion(matrix: Tensor, names: Sequence[str]) -> Image.Image:
    """`matrix` (C, C) of counts: true classes as rows, predicted ones as columns, both `names`.

    A cell is the darker, the larger its share of its row: blue where right, red where wrong.
    """
    # Once: a new font draws each glyph anew, which takes longer than the rest of the picture.
    font, small = ImageFont.load_default(TEXT), ImageFont.load_default(TEXT - 3)
    label = max(round(font.getlength(name)) for name in [*names, "predicted"]) + 2 * GAP
    column = round(max(font.getlength(name) for name in SCORES)) + GAP
    side, top = CELL * len(names), label
    top += TEXT + GAP  # for the heading of the columns
    size = (label + side + GAP + column * len(SCORES) + GAP, top + side + GAP)
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.text((label - GAP, top - GAP), "true", MUTED, font, anchor="rs")
    pen.text((label, GAP), "predicted", MUTED, font, anchor="lt")
    scores = {name: values.tolist() for name, values in class_scores(matrix).items()}
    shares = (matrix.double() / matrix.sum(dim=1, keepdim=True).clamp_min(1)).tolist()
    counts = matrix.tolist()
    for i, name in enumerate(names):
        middle = top + CELL * i + CELL // 2
        pen.text((label - GAP, middle), name, INK, font, anchor="rm")
        _upright(picture, name, label + CELL * i, top, font)
        for j in range(len(names)):
            count = counts[i][j]
            at = (label + CELL * j, top + CELL * i)
            _cell(pen, at, count, shares[i][j], i == j, font if count < 1000 else small)
        for k, score in enumerate(SCORES):
            value = scores[score][i]
            text = f"{value:.0f}" if score == "images" else f"{value:.3f}"
            at = label + side + GAP + column * (k + 1)
            pen.text((at, middle), text, INK, font, anchor="rm")
    for k, heading in enumerate(SCORES.values()):
        at = label + side + GAP + column * (k + 1)
        pen.text((at, top - GAP), heading, MUTED, font, anchor="rs")
    return picture


def _cell(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    count: int,
    share: float,
    right: bool,
    font: ImageFont.FreeTypeFont,
) -> None:
    tint = LEAST + (1 - LEAST) * share
    fill = tuple(round(255 + (value - 255) * tint) for value in (RIGHT if right else WRONG))
    x, y = at
    pen.rectangle((x, y, x + CELL - 2, y + CELL - 2), fill if count else "#f4f4f2")
    if count:
        ink = "white" if share > 0.5 else INK
        pen.text((x + CELL // 2 - 1, y + CELL // 2 - 1), str(count), ink, font, anchor="mm")


def _upright(
    picture: Image.Image, text: str, x: int, bottom: int, font: ImageFont.FreeTypeFont
) -> None:
    line = Image.new("RGB", (round(font.getlength(text)) + 1, CELL), "white")
    ImageDraw.Draw(line).text((0, CELL // 2), text, INK, font, anchor="lm")
    turned = line.rotate(90, expand=True)
    picture.paste(turned, (x, bottom - GAP - turned.height))
