"""Who leaves the pool of one variance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.select.statistics.spread import COUNTS_AS, _ratios, compatible, critical_ratio
from bakeoff.select.statistics.two_way import terms

CALM_AND_WILD = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [1.0, 0.0, 2.0], [20.0, -20.0, 0.0]])


def test_a_wild_candidate_leaves_and_its_ratio_is_told():
    found = compatible(CALM_AND_WILD[1:])
    np.testing.assert_array_equal(found.pool, [True, True, False])
    # By hand: rows 1 and 2 differ by -1, 1, 0, variance 1, so MSE = 1/2. Row 3 less their mean is
    # 19.5, -20.5, -2, of variance (20.5^2 + 19.5^2 + 1) / 2; where all spreads are equal this variance
    # would be 3/2 of one row's.
    assert found.ratios[2] == pytest.approx(400.75 / 1.5 / 0.5)
    assert np.isnan(found.ratios[:2]).all()


def test_a_leaver_still_counts_in_the_pools_variance():
    found = compatible(CALM_AND_WILD[1:])
    assert found.variance == pytest.approx(0.5 * (2 + 2 * COUNTS_AS) / 4)
    assert found.df == 4  # of all three candidates: (3 - 1)(3 - 1)


def test_a_candidate_that_does_not_vary_is_no_part_of_the_pool():
    found = compatible(CALM_AND_WILD[:3])
    np.testing.assert_array_equal(found.pool, [False, True, True])
    np.testing.assert_array_equal(found.constant, [True, False, False])
    assert (found.variance, found.df) == (pytest.approx(0.5), 2)


def test_two_candidates_are_compared_whatever_their_spreads():
    found = compatible(np.array([[0.0, 1, 2, 3], [100, -100, 50, 7]]))
    assert found.pool.all()


def test_several_wild_candidates_do_not_hide_behind_each_other():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(8, 5))
    values[:3] *= 20
    np.testing.assert_array_equal(compatible(values).pool, [False] * 3 + [True] * 5)


def test_a_wild_candidate_of_many_replicates_leaves_too():
    # The level of the bounded ratio is 1e-40 here.
    values = np.random.default_rng(0).normal(size=(4, 300)) * [[1], [1], [3], [1]]
    np.testing.assert_array_equal(compatible(values).pool, [True, True, False, True])


def test_where_nothing_varies_there_is_no_pool():
    found = compatible(np.array([[1.0, 1, 1], [2, 2, 2]]))
    assert not found.pool.any()
    assert found.df == 0
    assert np.isnan(found.variance)


def test_what_replicates_share_does_not_matter():
    rng = np.random.default_rng(1)
    values, shared = rng.normal(size=(6, 4)), 50 * rng.normal(size=4)
    plain, shifted = compatible(values), compatible(values + shared)
    np.testing.assert_array_equal(plain.pool, shifted.pool)
    assert shifted.variance == pytest.approx(plain.variance)


@given(st.integers(1, 20), st.integers(1, 200))
def test_the_critical_ratio_is_the_f_tests_within_bounds(df, others):
    assert critical_ratio(df, others) == pytest.approx(
        np.clip(stats.f.isf(0.025, df, others), 4.2, 5.0)
    )


def test_the_ratio_is_f_distributed_where_all_spreads_are_equal():
    rng = np.random.default_rng(2)
    everyone = np.ones(4, bool)
    ratios = [
        _ratios(terms(rng.normal(size=(4, 3)) + 9 * rng.normal(size=3)), everyone)[0][0]
        for _ in range(400)
    ]
    assert stats.kstest(ratios, stats.f(2, 4).cdf).pvalue > 0.01
