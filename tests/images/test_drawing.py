"""Boxes, text and grids, pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bakeoff.images.drawing import LINE, PREDICTED, STRIP, TRUE, Mark, draw, font_of, grid

quick = settings(max_examples=60, deadline=None)

GREEN, PINK = ImageColor.getrgb(TRUE), ImageColor.getrgb(PREDICTED)
BLACK = np.zeros((10, 14), np.uint8)


def painted(picture: Image.Image, colour: tuple[int, int, int]) -> set[tuple[int, int]]:
    """The (x, y) of a colour."""
    rows, columns = np.nonzero((np.asarray(picture) == colour).all(axis=2))
    return set(zip(columns.tolist(), rows.tolist(), strict=True))


def frame(x0: int, y0: int, x1: int, y1: int) -> set[tuple[int, int]]:
    """A line of LINE pixels inside [x0, x1) x [y0, y1)."""
    return {
        (x, y)
        for x in range(x0, x1)
        for y in range(y0, y1)
        if min(x - x0, y - y0, x1 - 1 - x, y1 - 1 - y) < LINE
    }


@quick
@given(
    st.integers(0, 10), st.integers(0, 6), st.integers(2, 4), st.integers(2, 4), st.integers(2, 5)
)
def test_a_box_is_a_line_inside_the_pixels_it_covers(x, y, width, height, scale):
    picture = draw(BLACK, [Mark((x, y, x + width, y + height), TRUE)], scale=scale)
    assert picture.size == (14 * scale, 10 * scale)
    corners = (scale * edge for edge in (x, y, x + width, y + height))
    assert painted(picture, GREEN) == frame(*corners)


def test_pixels_are_enlarged_without_blur():
    image = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    picture = np.asarray(draw(image, [], scale=3))
    assert picture.shape == (9, 12, 3)
    for channel in range(3):
        np.testing.assert_array_equal(picture[..., channel], np.kron(image, np.ones((3, 3))))


def test_colours_are_kept():
    image = np.zeros((2, 2, 3), np.uint8)
    image[0, 1] = (10, 200, 30)
    assert draw(image, [], scale=2).getpixel((3, 0)) == (10, 200, 30)


def test_the_image_itself_is_not_drawn_upon():
    image = BLACK.copy()
    draw(image, [Mark((1, 1, 5, 5), TRUE)], [("3", TRUE)], scale=1)
    assert not image.any()


def test_later_marks_lie_over_earlier_ones():
    box = (2, 2, 8, 8)
    picture = draw(BLACK, [Mark(box, TRUE), Mark(box, PREDICTED)])
    assert not painted(picture, GREEN)
    assert painted(picture, PINK) == frame(8, 8, 32, 32)


def test_corners_may_come_in_any_order():
    assert painted(draw(BLACK, [Mark((8, 7, 2, 3), TRUE)]), GREEN) == frame(8, 12, 32, 28)


@pytest.mark.parametrize(
    "box", [(3, 3, 3, 3), (3, 3, 3.1, 9), (50, 50, 60, 60), (-9, -9, -5, -5)], ids=str
)
def test_a_box_without_area_or_outside_draws_nothing(box):
    assert not painted(draw(BLACK, [Mark(box, TRUE)]), GREEN)


def test_a_box_that_reaches_outside_is_cut():
    picture = draw(BLACK, [Mark((-2, 4, 3, 20), TRUE)])
    width, height = picture.size
    inside = {(x, y) for x, y in frame(-8, 16, 12, 80) if 0 <= x < width and 0 <= y < height}
    assert painted(picture, GREEN) == inside


def test_text_stands_under_the_image_in_its_colours_from_left_to_right():
    image = np.zeros((10, 40), np.uint8)
    picture = draw(image, [], [("7", TRUE), ("IoU .5", "white")])
    assert picture.size == (160, 40 + STRIP)
    red, green, _ = np.moveaxis(np.asarray(picture).astype(int), 2, 0)
    named, overlap = (
        green > red,
        (green == red) & (green > 0),
    )  # letters are smooth, so of all shades
    assert named[40:].any()
    assert overlap[40:].any()
    assert not (named | overlap)[:40].any()
    assert np.nonzero(named)[1].max() < np.nonzero(overlap)[1].min()


def tile(level: int) -> Image.Image:
    return Image.new("RGB", (5, 4), (level, 0, 0))


@pytest.mark.parametrize(
    ("count", "size"),
    [(1, (5, 4)), (2, (12, 4)), (3, (19, 4)), (4, (19, 10)), (7, (19, 16))],
)
def test_a_grid_holds_the_pictures_row_by_row_with_gaps_between_them(count, size):
    canvas = grid([tile(10 * i) for i in range(count)], columns=3, gap=2)
    assert canvas.size == size
    pixels = np.asarray(canvas).copy()
    for i in range(count):
        x, y = 7 * (i % 3), 6 * (i // 3)
        assert (pixels[y : y + 4, x : x + 5] == (10 * i, 0, 0)).all()
        pixels[y : y + 4, x : x + 5] = 255
    assert (pixels == 255).all()


def test_a_font_is_read_once_for_each_size():
    assert font_of(9) is font_of(9)
    assert (font_of(9).size, font_of(12).size) == (9, 12)
