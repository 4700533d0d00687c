"""Holm's correction, by hand and by statsmodels' numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bakeoff.select.statistics.blocks import arrange
from bakeoff.select.statistics.holm import finalist_pairs, holm


def test_by_hand():
    # In order .005, .01, .03, .04, .2 times 5, 4, 3, 2, 1: .025, .04, .09, .08 -> .09, .2
    # (multipletests of statsmodels 0.15.0 gives the same)
    assert holm([0.01, 0.04, 0.03, 0.005, 0.2]) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.2])


def test_nothing_to_correct():
    assert holm([]) == []
    assert holm([0.03]) == [0.03]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_it_lies_between_the_p_and_bonferronis_and_keeps_the_order(p):
    adjusted = np.array(holm(p))
    assert (adjusted >= p).all()
    assert (adjusted <= np.minimum(1, np.array(p) * len(p)) + 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


def test_finalists_are_compared_in_pairs_over_their_fresh_seeds():
    rng = np.random.default_rng(0)
    values = {name: rng.normal(mean, 1, size=5) for name, mean in (("a", 3), ("b", 0), ("c", 0))}
    pairs = finalist_pairs(
        arrange([(name, seed, v) for name in values for seed, v in enumerate(values[name])]),
        0.95,
        0.0,
    )
    assert [(pair.a, pair.b) for pair in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    p = [stats.ttest_rel(values[pair.a], values[pair.b]).pvalue for pair in pairs]
    assert [pair.difference.p for pair in pairs] == pytest.approx(p)
    assert [pair.adjusted_p for pair in pairs] == pytest.approx(holm(p))


def test_finalists_with_one_shared_seed_are_left_out():
    runs = [("a", 0, 1.0), ("a", 1, 2.0), ("b", 0, 1.5), ("b", 1, 1.0), ("c", 0, 3.0)]
    assert [(pair.a, pair.b) for pair in finalist_pairs(arrange(runs), 0.95, 0.0)] == [("a", "b")]
