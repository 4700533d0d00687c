"""How many replicates separate two candidates: by SciPy's t-test power and by simulation."""

import numpy as np
import pytest
from scipy import stats

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.pooled import compare
from bakeoff.select.statistics.power import replicates_needed, replicates_to_separate


def needed(gap, deviation=1.0, comparisons=1, df_per_replicate=1, power=0.8, overlap=0.0):
    return replicates_needed(gap, deviation, comparisons, df_per_replicate, overlap, 0.95, power)


def test_a_textbook_case():
    # One-sided paired t-test, effect .5, alpha .05, power .8: 27 pairs (Cohen 1988; G*Power gives 27)
    assert needed(0.5) == 27


def test_the_sign_of_the_gap_does_not_matter():
    assert needed(-0.5) == needed(0.5)


def test_many_replicates_follow_the_normal_approximation():
    z = stats.norm.ppf(0.95) + stats.norm.ppf(0.8)
    assert needed(0.05) == pytest.approx((z / 0.05) ** 2, rel=0.01)


def test_more_comparisons_need_more_and_a_pool_fewer():
    assert needed(1.0, comparisons=7) > needed(1.0)
    assert needed(1.0, comparisons=7, df_per_replicate=7) < needed(1.0, comparisons=7)


def test_a_claim_needs_three():
    assert needed(100.0) == 3
    assert needed(0.1, deviation=0.0) == 3


@pytest.mark.parametrize("gap", [0.0, 1e-6])
def test_no_number_separates_equals(gap):
    assert needed(gap) is None


def test_power_is_a_probability():
    with pytest.raises(BakeoffError, match="power=80"):
        needed(1.0, power=80)


def test_the_power_is_reached_in_simulated_pairs():
    n = needed(0.8)
    rng = np.random.default_rng(0)

    def share(n):
        differences = rng.normal(0.8, 1, size=(4000, n))
        p = stats.ttest_1samp(differences, 0, axis=1, alternative="greater").pvalue
        return (p < 0.05).mean()

    assert share(n) > 0.78
    assert share(n - 1) < 0.82


def test_a_comparison_knows_its_own_numbers():
    rng = np.random.default_rng(0)
    found = compare(rng.normal(size=(8, 3)) + np.r_[1, np.zeros(7)][:, None], 0.0)
    deviation = (2 * found.spread.variance) ** 0.5
    expected = replicates_needed(found.mean[0, 1], deviation, 7, 7, 0.0, 0.95, 0.8)
    assert replicates_to_separate(found, 0, 1, 0.95, 0.8) == expected


def test_a_candidate_outside_the_pool_has_only_its_own_degrees_of_freedom():
    rng = np.random.default_rng(0)
    found = compare(rng.normal(size=(6, 4)) * np.r_[50, np.ones(5)][:, None] + 1, 0.0)
    assert not found.pooled[0, 1]
    expected = replicates_needed(
        found.mean[0, 1], found.standard_error[0, 1] * 2, 5, 1, 0.0, 0.95, 0.8
    )
    assert replicates_to_separate(found, 0, 1, 0.95, 0.8) == expected


def test_folds_of_the_same_data_cannot_be_repeated_until_they_separate_anything():
    # SE stays above deviation / 3, and a gap of half a deviation is only 1.5 of it.
    assert needed(0.5) == 27
    assert needed(0.5, overlap=1 / 9) is None
    assert needed(1.0, overlap=1 / 9) > needed(1.0)


def test_folds_do_not_change_the_deviation_of_a_single_difference():
    values = np.random.default_rng(0).normal(size=(4, 10)) + np.r_[2, 0, 0, 0][:, None]
    found = compare(values, 1 / 9)
    deviation = (2 * found.spread.variance) ** 0.5
    expected = replicates_needed(found.mean[0, 1], deviation, 3, 3, 1 / 9, 0.95, 0.8)
    assert replicates_to_separate(found, 0, 1, 0.95, 0.8) == expected
    assert expected is not None
