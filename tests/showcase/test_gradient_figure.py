"""The picture of a gradient check: a dot for each difference, where it is on a logarithmic axis."""

import math

import numpy as np
import pytest

from bakeoff.nets.scratch.gradient_check import Difference
from bakeoff.showcase.gradient_figure import draw_differences


def drawn(central: float, autograd: float = 1e-16, rows: int = 1, title: str = "mlp") -> np.ndarray:
    differences = [Difference("1 Linear weight", autograd, central)] * rows
    return np.asarray(draw_differences(differences, title)).astype(int)


def column(central: float) -> float:
    """The middle of what is drawn for a difference, and not where there is none."""
    changed = (drawn(central) != drawn(math.nan)).any(axis=(0, 2))
    return float(np.flatnonzero(changed).mean())


@pytest.mark.parametrize("central", [3e-9, 0.5, math.nan])
def test_there_is_a_row_for_each_parameter(central):
    one, three = drawn(central), drawn(central, rows=3)
    assert three.shape[1] == one.shape[1]
    assert three.shape[0] > one.shape[0]


def test_a_thousand_times_is_equally_far_everywhere():
    places = [column(central) for central in (1e-12, 1e-9, 1e-6)]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=1)
    assert places[1] - places[0] > 50


def test_what_is_exactly_equal_is_drawn_at_the_left_edge():
    assert column(0.0) == column(1e-18) < column(1e-15)


def test_a_large_difference_widens_the_axis():
    assert (
        drawn(1e20) != drawn(1e30)
    ).any()  # on the usual axis both would lie outside the picture


def end_of(title: str) -> int:
    """The last column with ink of a title of one line."""
    return int(np.flatnonzero((drawn(1e-9, title=title)[:35] < 128).any(axis=(0, 2))).max())


def test_a_long_title_takes_more_lines_and_is_no_formula():
    assert drawn(1e-9, title="model=mine " * 20).shape[0] > drawn(1e-9).shape[0]
    assert end_of("$mmmm$") > end_of("mmmm") + 10  # the dollar signs are written
