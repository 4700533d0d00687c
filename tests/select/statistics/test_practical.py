"""Probabilities of a difference that matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.difference import student_difference
from bakeoff.select.statistics.practical import practical


def difference(mean, standard_error, df=4):
    return student_difference(mean, standard_error, df, df + 1, 0.95, "paired")


def test_by_hand():
    # A mean of zero with margins at the t distribution's 10th and 90th percentile: .1, .8, .1
    margin = stats.t.ppf(0.9, 4)
    found = practical(difference(0.0, 1.0), margin, "max")
    assert (found.better, found.equal, found.worse) == pytest.approx((0.1, 0.8, 0.1))


@given(st.floats(-5, 5), st.floats(0.01, 5), st.floats(0, 3))
def test_they_add_up_and_the_direction_mirrors_them(mean, standard_error, margin):
    larger = practical(difference(mean, standard_error), margin, "max")
    smaller = practical(difference(mean, standard_error), margin, "min")
    assert larger.better + larger.equal + larger.worse == pytest.approx(1)
    assert (larger.better, larger.worse) == pytest.approx((smaller.worse, smaller.better))


def test_without_a_margin_worse_is_half_of_the_two_sided_p():
    one = difference(1.0, 0.5)
    assert practical(one, 0.0, "max").worse == pytest.approx(one.p / 2)


@pytest.mark.parametrize(
    ("mean", "probabilities"), [(0.3, (1, 0, 0)), (0.1, (0, 1, 0)), (-0.3, (0, 0, 1))]
)
def test_without_spread_one_of_them_is_certain(mean, probabilities):
    found = practical(difference(mean, 0.0), 0.2, "max")
    assert (found.better, found.equal, found.worse) == probabilities


@pytest.mark.parametrize("margin", [-0.1, float("nan")])
def test_a_margin_below_zero_is_refused(margin):
    with pytest.raises(BakeoffError, match=r"selection\.margin"):
        practical(difference(0.1, 0.1), margin, "max")
