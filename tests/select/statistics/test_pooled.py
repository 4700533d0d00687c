"""All differences, pooled and by pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.select.statistics.paired import paired_difference
from bakeoff.select.statistics.pooled import compare
from bakeoff.select.statistics.resampled import resampled_difference

NAN = np.nan


def test_a_table_by_hand():
    # Residuals after candidate and replicate means are 0, 1, -1 in rows 1 and 2 with opposite signs,
    # and 0 in row 3: SSE = 4, MSE = 4 / ((3 - 1)(3 - 1)) = 1, SE = sqrt(2 / 3).
    shared = np.array([10.0, 20.0, 30.0])
    found = compare(np.array([[0.0, 1, -1], [5, 4, 6], [2, 2, 2]]) + shared, 0.0)
    difference = found.difference(1, 0, 0.95)
    assert difference.mean == pytest.approx(5)
    assert difference.standard_error == pytest.approx((2 / 3) ** 0.5)
    assert (difference.df, difference.n, difference.analysis) == (4, 3, "pooled")
    half = 2.776445 * (2 / 3) ** 0.5
    assert (difference.low, difference.high) == pytest.approx((5 - half, 5 + half), abs=1e-5)
    assert found.correlation == 0.5


@given(st.integers(0, 2**32 - 1), st.integers(2, 8))
def test_two_candidates_are_a_paired_t_test(seed, replicates):
    a, b = np.random.default_rng(seed).normal(size=(2, replicates)) * [[1], [30]]
    found = compare(np.array([a, b]), 0.0).difference(0, 1, 0.95)
    assert found.p == pytest.approx(stats.ttest_rel(a, b).pvalue)
    assert found.df == replicates - 1


def test_the_f_test_of_two_candidates_is_the_squared_t():
    # With columns centred, the two-way F of two candidates has (1, n - 1) degrees of freedom.
    a, b = np.random.default_rng(3).normal(size=(2, 6))
    found = compare(np.array([a, b]), 0.0).difference(0, 1, 0.95)
    f = stats.f_oneway(a - (a + b) / 2, b - (a + b) / 2).statistic / 2  # 10 degrees there, 5 here
    assert (found.mean / found.standard_error) ** 2 == pytest.approx(f)


def wild():
    values = np.random.default_rng(0).normal(size=(6, 5))
    values[2] *= 50
    return values


def test_a_wild_candidate_is_compared_alone_and_this_is_recorded():
    values = wild()
    found = compare(values, 0.0)
    assert found.difference(0, 1, 0.95).analysis == "pooled"
    alone = found.difference(2, 0, 0.95)
    reference = paired_difference(values[2], values[0], 0.95)
    assert alone.analysis == "paired"
    assert (alone.mean, alone.p, alone.df) == pytest.approx(
        (reference.mean, reference.p, reference.df)
    )


def test_a_wild_candidate_does_not_ruin_the_pool():
    values = wild()
    with_it = compare(values, 0.0).standard_error[0, 1]
    without = compare(np.delete(values, 2, axis=0), 0.0).standard_error[0, 1]
    assert with_it < 1.5 * without


def test_by_chance_no_pair_is_more_certain_than_the_pool():
    # Candidate 0 does not vary and candidate 1 hardly does: their paired differences are nearly alike.
    values = np.random.default_rng(0).normal(size=(6, 4))
    values[0], values[1] = 0.0, [1e-4, 0, 0, 0]
    found = compare(values, 0.0)
    assert not found.pooled[0, 1]
    assert found.standard_error[0, 1] == pytest.approx((found.spread.variance / 4) ** 0.5)


def test_folds_widen_every_standard_error_as_nadeau_and_bengio_say():
    values = np.random.default_rng(0).normal(size=(4, 10))
    seeds, folds = compare(values, 0.0), compare(values, 1 / 9)
    widened = folds.standard_error[0, 1] / seeds.standard_error[0, 1]
    assert widened == pytest.approx(((1 / 10 + 1 / 9) / (1 / 10)) ** 0.5)


def test_folds_of_a_candidate_outside_the_pool_are_the_corrected_resampled_t_test():
    values = wild()
    found = compare(values, 1 / 4).difference(2, 0, 0.95)
    reference = resampled_difference(values[2] - values[0], 1 / 4, 0.95)
    assert (found.mean, found.p) == pytest.approx((reference.mean, reference.p))


def test_empty_cells_widen_their_candidates_standard_errors():
    values = np.random.default_rng(0).normal(size=(5, 6))
    values[0, 3:] = NAN
    found = compare(values, 0.0)
    assert found.standard_error[0, 1] > found.standard_error[1, 2]
    # Var(mean of 3 - mean of 6) needs the replicate effects, which the other candidates give.
    assert found.shared[0, 1] == 3
    assert 0.25 < found.correlation < 0.5


def test_differences_across_replicates_that_nobody_links_do_not_exist():
    values = np.array([[1, 2, 3, NAN, NAN], [2, 4, 3, NAN, NAN], [NAN, NAN, NAN, 5, 6.0]])
    found = compare(values, 0.0)
    assert found.difference(0, 1, 0.95) is not None
    assert found.difference(0, 2, 0.95) is None
    assert np.isnan(found.standard_error[0, 2])


def test_differences_are_antisymmetric():
    found = compare(wild(), 0.0)
    assert found.mean == pytest.approx(-found.mean.T)
    np.testing.assert_array_equal(found.df, found.df.T)


@pytest.mark.parametrize("replicates", [3, 5, 10])
def test_the_interval_of_a_difference_holds_the_truth_in_19_of_20(replicates):
    rng = np.random.default_rng(100 + replicates)
    held = 0
    for _ in range(1000):
        values = rng.normal(size=(6, replicates)) + 3 * rng.normal(size=replicates)
        values[0] += 2
        gap = compare(values, 0.0).difference(0, 1, 0.95)
        held += gap.low <= 2 <= gap.high
    assert 0.93 < held / 1000 < 0.97  # a standard error of 0.7 %
