"""The expected best of n settings, by enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.expected_best import expected_best


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=7), st.sampled_from(["max", "min"]))
def test_it_is_the_mean_over_all_subsets(values, direction):
    curve = expected_best(values, direction, 0.95)
    best = max if direction == "max" else min
    for n, expected in zip(curve.settings, curve.expected, strict=True):
        subsets = [best(subset) for subset in combinations(values, n)]
        assert expected == pytest.approx(np.mean(subsets), abs=1e-12)


def test_by_hand():
    # 1, 2, 3: pairs have maxima 2, 3, 3
    curve = expected_best([3, 1, 2], "max", 0.95)
    assert curve.expected == pytest.approx([2, 8 / 3, 3])


def test_many_settings_do_not_overflow():
    values = np.linspace(0, 1, 500)
    curve = expected_best(values, "max", 0.95)
    assert curve.expected[0] == pytest.approx(0.5)
    assert curve.expected[-1] == 1
    assert (np.diff(curve.expected) > 0).all()


def test_the_band_of_one_setting_is_the_sign_tests_interval_of_the_median():
    # n = 10: P(Bin(10, 1/2) <= 1) = .0107, <= 2: .0547, so the 2nd and the 9th value bound the median.
    curve = expected_best(range(1, 11), "max", 0.95)
    assert (curve.low[0], curve.high[0]) == (2, 9)
    assert expected_best(range(1, 11), "max", 0.9).low[0] == 2
    assert expected_best(range(1, 11), "max", 0.88).low[0] == 3


def test_the_band_is_open_where_so_few_settings_say_nothing():
    # best of 10 of 20: the median is the quantile .933, above all 20 values in .933^20 = 25 % of cases
    curve = expected_best(np.arange(20.0), "max", 0.95)
    assert np.isnan(curve.high[9])
    assert not np.isnan(curve.low[9])
    assert np.isnan(expected_best([1.0], "max", 0.95).low[0])


def test_smaller_is_better_mirrors_it():
    values = np.random.default_rng(0).normal(size=12)
    larger, smaller = expected_best(values, "max", 0.9), expected_best(-values, "min", 0.9)
    np.testing.assert_allclose(smaller.expected, -larger.expected)
    np.testing.assert_allclose(smaller.low, -larger.high)
    np.testing.assert_allclose(smaller.high, -larger.low)


@pytest.mark.parametrize("best_of", [1, 3, 5])
def test_the_band_holds_the_median_at_least_as_often_as_it_says(best_of):
    rng = np.random.default_rng(best_of)
    median = stats.expon.ppf(0.5 ** (1 / best_of))
    held = 0
    for _ in range(500):
        curve = expected_best(rng.exponential(size=20), "max", 0.9)
        low, high = curve.low[best_of - 1], curve.high[best_of - 1]
        held += not (low > median or high < median)
    assert held / 500 > 0.87  # 90 % with a standard error of 1.3 %


@pytest.mark.parametrize("values", [[], [0.1, float("nan")], [float("inf")]])
def test_values_of_failed_runs_are_refused(values):
    with pytest.raises(BakeoffError, match="finite values"):
        expected_best(values, "max", 0.95)
