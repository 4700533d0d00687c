"""Intervals over test examples, against SciPy's own."""

import numpy as np
import pytest
from scipy import stats

from bakeoff.select.statistics.bootstrap import LEAST, RESAMPLES, SEED, bootstrap_intervals


def means(*values: np.ndarray):
    """The mean of each of several numbers per unit, over draws that count units."""
    return lambda counts: np.array([counts @ of / counts.sum(axis=1) for of in values])


def test_of_means_it_is_scipys_own():
    random = np.random.default_rng(1)
    values = random.gamma(2.0, size=60)
    reference = stats.bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, method="BCa", rng=np.random.default_rng(SEED)
    ).confidence_interval
    (found,) = bootstrap_intervals(means(values), 60, 0.95)
    assert found == pytest.approx((reference.low, reference.high))


def test_several_numbers_share_their_draws():
    values = np.random.default_rng(2).normal(size=40)
    one, other = bootstrap_intervals(means(values, values + 3), 40, 0.95)
    assert np.subtract(other, one) == pytest.approx([3, 3])


def test_few_units_give_no_interval():
    values = np.arange(LEAST - 1.0)
    assert bootstrap_intervals(means(values, values), LEAST - 1, 0.95) == [None, None]
    assert bootstrap_intervals(means(np.arange(LEAST + 0.0)), LEAST, 0.95)[0] is not None


def test_a_number_that_does_not_vary_has_no_interval():
    varied = np.random.default_rng(3).normal(size=30)
    constant, other = bootstrap_intervals(means(np.ones(30), varied), 30, 0.95)
    assert constant is None and other is not None


def test_the_interval_of_a_ratio_of_sums_holds_the_truth():
    """Documents of different lengths, 2/3 nats a word; 95 % of intervals should hold it."""
    random, held = np.random.default_rng(5), 0
    for _ in range(120):
        words = random.integers(50, 150, 60)
        loss = random.gamma(words, 2 / 3)

        def ratio(counts, loss=loss, words=words):
            return np.array([counts @ loss / (counts @ words)])

        ((low, high),) = bootstrap_intervals(ratio, 60, 0.95)
        held += low <= 2 / 3 <= high
    assert 106 <= held <= 119  # of 120; the chance to be outside is below 1 % at 95 %
