"""The interval of a mean, by hand and by SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.select.statistics.means import mean_interval
from bakeoff.select.statistics.resampled import resampled_difference


def test_by_hand():
    # 1, 2, 3: mean 2, s = 1, standard error 1 / sqrt(3), t(.975, 2) = 4.302653
    half = 4.302653 / 3**0.5
    assert mean_interval([1.0, 2.0, 3.0], 0.95, 0.0) == pytest.approx(
        (2 - half, 2 + half), abs=1e-6
    )


def test_one_value_has_no_interval():
    assert mean_interval([], 0.95, 0.0) is None
    assert mean_interval([0.3], 0.95, 0.0) is None


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9).filter(lambda v: np.std(v) > 1e-6))
def test_it_is_scipys(values):
    reference = stats.t.interval(0.9, len(values) - 1, np.mean(values), stats.sem(values))
    assert mean_interval(values, 0.9, 0.0) == pytest.approx(reference)


def test_of_folds_it_is_that_of_the_corrected_resampled_t_test():
    values = [0.81, 0.84, 0.80, 0.86]
    found = resampled_difference(values, 1 / 3, 0.95)
    assert mean_interval(values, 0.95, 1 / 3) == pytest.approx((found.low, found.high))


@pytest.mark.parametrize("replicates", [3, 5, 10])
def test_it_holds_the_truth_in_19_of_20(replicates):
    rng = np.random.default_rng(replicates)
    bounds = np.array([mean_interval(rng.normal(size=replicates), 0.95, 0.0) for _ in range(2000)])
    held = ((bounds[:, 0] <= 0) & (bounds[:, 1] >= 0)).mean()
    assert 0.935 < held < 0.965  # a standard error of 0.5 %
