"""Frames: by hand, and there and back again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bakeoff.images.letterbox import fit, letterbox

sides = st.integers(1, 3000)


def test_a_wide_image_gets_margins_above_and_below():
    framed, place = letterbox(Image.new("L", (300, 200), 255), (60, 48), (7,))
    # 300 -> 60 is a fifth: 200 -> 40, 4 above and below.
    assert (place.left, place.top, place.width, place.height) == (0, 4, 60, 40)
    pixels = np.asarray(framed)
    assert pixels.shape == (48, 60)
    assert (pixels[:4] == 7).all()
    assert (pixels[44:] == 7).all()
    assert (pixels[4:44] == 255).all()
    assert place.to_image((6.0, 4.0, 30.0, 24.0)) == (30, 0, 150, 100)


def test_boxes_in_the_margin_are_cut():
    place = fit((100, 300), (60, 60))
    assert (place.left, place.width) == (20, 20)
    assert place.to_image((0.0, -5.0, 25.0, 70.0)) == (0, 0, 25, 300)


@settings(max_examples=200, deadline=None)
@given(size=st.tuples(sides, sides), frame=st.tuples(st.integers(8, 500), st.integers(8, 500)))
def test_the_place_is_the_largest_inside_the_frame(size, frame):
    place = fit(size, frame)
    assert 0 <= place.left <= frame[0] - place.width
    assert 0 <= place.top <= frame[1] - place.height
    assert place.width == frame[0] or place.height == frame[1]
    whole = (place.left, place.top, place.left + place.width, place.top + place.height)
    assert place.to_image(whole) == pytest.approx((0, 0, *size))
