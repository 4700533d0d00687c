"""A difference with its t distribution, by hand."""

import pytest

from bakeoff.select.statistics.difference import student_difference


def test_interval_and_p_by_hand():
    # t(.975, 4) = 2.776445; P(|T_4| > 2.776445) = .05, so that the interval ends at zero.
    found = student_difference(2.776445, 1.0, 4, 5, 0.95, "paired")
    assert (found.low, found.high) == pytest.approx((0, 2 * 2.776445), abs=1e-6)
    assert found.p == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize(("mean", "p"), [(0.0, 1.0), (0.2, 0.0), (-0.2, 0.0)])
def test_without_spread_a_difference_is_what_it_is(mean, p):
    found = student_difference(mean, 0.0, 2, 3, 0.95, "paired")
    assert (found.low, found.high, found.p) == (mean, mean, p)
