"""Paired differences, by hand and by SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.paired import paired_difference

values = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=9)


def test_by_hand():
    # differences 1, 2, 3: mean 2, s = 1, t = 2 sqrt(3) with 2 degrees: p = .0741799
    found = paired_difference([5, 7, 9], [4, 5, 6], 0.95)
    assert (found.mean, found.standard_error, found.df, found.n) == (
        2,
        pytest.approx(3**-0.5),
        2,
        3,
    )
    assert found.p == pytest.approx(0.0741799, abs=1e-6)
    assert found.analysis == "paired"


@given(values.filter(lambda pairs: np.std([a - b for a, b in pairs]) > 1e-6))
def test_it_is_scipys(pairs):
    a, b = zip(*pairs, strict=True)
    reference = stats.ttest_rel(a, b)
    bounds = reference.confidence_interval(0.9)
    found = paired_difference(a, b, 0.9)
    assert found.p == pytest.approx(reference.pvalue)
    assert (found.low, found.high) == pytest.approx((bounds.low, bounds.high))


def test_only_shared_replicates_count():
    with_holes = paired_difference([5, np.nan, 7, 9, 100], [4, 50, 5, 6, np.nan], 0.95)
    assert with_holes == paired_difference([5, 7, 9], [4, 5, 6], 0.95)


def test_what_replicates_share_does_not_matter():
    rng = np.random.default_rng(0)
    a, b, shared = rng.normal(size=(3, 6))
    assert paired_difference(a + 9 * shared, b + 9 * shared, 0.95).p == pytest.approx(
        paired_difference(a, b, 0.95).p
    )


def test_one_shared_replicate_has_no_interval():
    assert paired_difference([1.0, np.nan], [2.0, 3.0], 0.95) is None


def test_values_of_different_replicates_are_refused():
    with pytest.raises(BakeoffError, match="same order of replicates, got 3 and 2"):
        paired_difference([1, 2, 3], [1, 2], 0.95)
