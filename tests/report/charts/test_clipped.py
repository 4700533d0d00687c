"""A line ends at the edges of its frame, and goes on where it comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.report.charts.clipped import clipped

FRAME = (0, 0, 10, 10)
PLACES = st.tuples(st.floats(-30, 30), st.floats(-30, 30))


@pytest.mark.parametrize(
    ("points", "parts"),
    [
        ([(1, 1), (2, 2), (3, 1)], [[(1, 1), (2, 2), (3, 1)]]),
        ([(-5, 5), (15, 5)], [[(0, 5), (10, 5)]]),
        ([(5, 5), (5, 25)], [[(5, 5), (5, 10)]]),
        ([(5, 5), (15, 5), (15, 8), (5, 8)], [[(5, 5), (10, 5)], [(10, 8), (5, 8)]]),
        ([(-5, 5), (5, 15)], [[(0, 10), (0, 10)]]),  # it touches a corner
        ([(-6, 5), (5, 16)], []),
        ([(-5, -1), (15, -1)], []),
        ([(0, 0), (10, 0)], [[(0, 0), (10, 0)]]),  # along an edge
        ([(4, 4), (4, 4)], [[(4, 4), (4, 4)]]),
        ([(4, 4)], []),
    ],
)
def test_the_frame_cuts(points, parts):
    assert clipped(points, FRAME) == parts


@given(st.lists(PLACES, min_size=2, max_size=6))
def test_what_is_left_lies_in_the_frame(points):
    for x, y in (place for part in clipped(points, FRAME) for place in part):
        assert -1e-9 <= x <= 10 + 1e-9 and -1e-9 <= y <= 10 + 1e-9
    inside = [(x, y) for x, y in points if 0 <= x <= 10 and 0 <= y <= 10]
    kept = [place for part in clipped(points, FRAME) for place in part]
    assert set(inside) <= set(kept)
