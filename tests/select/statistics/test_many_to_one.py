"""The critical value of the many-to-one t: Dunnett's table, SciPy, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bakeoff.select.statistics.many_to_one import critical_value, probability


@pytest.mark.parametrize(
    ("df", "row"),
    [
        # Dunnett (1955), table 1a: one-sided, 95 %, 1 to 9 comparisons
        (5, [2.02, 2.44, 2.68, 2.85, 2.98, 3.08, 3.16, 3.24, 3.30]),
        (10, [1.81, 2.15, 2.34, 2.47, 2.56, 2.64, 2.70, 2.76, 2.81]),
        (20, [1.72, 2.03, 2.19, 2.30, 2.39, 2.46, 2.51, 2.56, 2.60]),
    ],
)
def test_dunnetts_table(df, row):
    found = [critical_value(0.95, comparisons, df, 0.5) for comparisons in range(1, 10)]
    assert found == pytest.approx(row, abs=0.0051)


@pytest.mark.parametrize(("m", "df", "rho"), [(3, 6, 0.5), (7, 14, 0.5), (7, 2, 0.5), (4, 9, 0.25)])
def test_scipys_multivariate_t(m, df, rho):
    shape = np.full((m, m), rho) + (1 - rho) * np.eye(m)
    reference = stats.multivariate_t(shape=shape, df=df, seed=0)
    t = critical_value(0.95, m, df, rho)
    assert reference.cdf(np.full(m, t), maxpts=200_000) == pytest.approx(0.95, abs=5e-5)


def test_scipys_dunnett():
    rng = np.random.default_rng(0)
    control, *others = rng.normal(size=(4, 5))
    reference = stats.dunnett(*others, control=control, alternative="greater", rng=rng)
    p = [1 - probability(t, 3, 16, 0.5) for t in reference.statistic]
    assert p == pytest.approx(reference.pvalue, abs=2e-3)


def test_one_comparison_is_students_t():
    assert critical_value(0.95, 1, 4, 0.5) == pytest.approx(stats.t.ppf(0.95, 4))
    assert probability(2.1, 1, 4, 0.5) == pytest.approx(stats.t.cdf(2.1, 4), abs=1e-5)


def test_independent_comparisons_with_much_data_are_sidaks():
    assert critical_value(0.95, 6, 10**6, 0.0) == pytest.approx(
        stats.norm.ppf(0.95 ** (1 / 6)), abs=1e-4
    )


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([0.8, 0.95, 0.99]),
    st.integers(2, 120),
    st.integers(2, 400),
    st.sampled_from([0.0, 0.25, 0.5]),
)
def test_it_lies_between_one_comparison_and_bonferroni(confidence, comparisons, df, correlation):
    found = critical_value(confidence, comparisons, df, correlation)
    assert stats.t.ppf(confidence, df) < found
    assert found < stats.t.isf((1 - confidence) / comparisons, df)
    assert probability(found, comparisons, df, correlation) == pytest.approx(confidence, abs=1e-9)


def test_lower_correlation_never_lowers_it():
    values = [critical_value(0.95, 7, 14, rho) for rho in (0.5, 0.3, 0.1, 0.0)]
    assert values == sorted(values)
