"""The middle of images, by hand."""

import numpy as np
import pytest
from PIL import Image

from bakeoff.images.crop import crop, cropped


def thirds() -> Image.Image:
    """9x3: black, white, black."""
    image = Image.new("L", (9, 3), 0)
    image.paste(255, (3, 0, 6, 3))
    return image


def test_only_the_middle_is_left():
    assert (np.asarray(crop(thirds(), (3, 3))) == 255).all()


def test_the_place_of_the_whole_image_reaches_beyond_the_frame():
    framed, place = cropped(thirds(), (6, 6), (7,))
    # 3 -> 6 is twice: 9 -> 18, 6 beyond the frame on either side.
    assert (place.left, place.top, place.width, place.height) == (-6, 0, 18, 6)
    assert (
        np.asarray(framed)[:, 1:-1] == 255
    ).all()  # its neighbours colour an edge that is enlarged
    assert place.to_image((0.0, 0.0, 6.0, 6.0)) == (3, 0, 6, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (7, 5)])
def test_any_size_fills_the_frame(size):
    framed, place = cropped(Image.new("RGB", size, (9, 8, 7)), (5, 4), (0, 0, 0))
    assert framed.size == (5, 4)
    assert np.unique(np.asarray(framed).reshape(-1, 3), axis=0).tolist() == [[9, 8, 7]]
    assert place.size == size
