"""The additive two-way fit, by hand, by the closed form and by dense least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.select.statistics.two_way import fit, linked, residual, terms

NAN = np.nan


def test_two_by_two_by_hand():
    # Differences between the rows are 1 and 3: mean 2, variance 2, MSE half of it.
    found = fit(np.array([[1.0, 2.0], [2.0, 5.0]]))
    assert found.means[1] - found.means[0] == pytest.approx(2)
    assert (found.squares, found.df) == (pytest.approx(1), 1)


def test_a_table_with_empty_cells_as_statsmodels_fits_it():
    # smf.ols("y ~ C(c) + C(r)") of statsmodels 0.15.0
    values = np.array(
        [
            [0.81, 0.79, 0.84, 0.80],
            [0.78, 0.77, NAN, 0.79],
            [0.70, NAN, 0.75, 0.71],
            [0.80, 0.78, 0.83, NAN],
        ]
    )
    found = fit(values)
    to_a = found.means[1:] - found.means[0]
    assert to_a == pytest.approx([-0.019431818, -0.096931818, -0.008181818], abs=1e-8)
    assert (found.squares / found.df, found.df) == (pytest.approx(3.598484848e-5), 6)
    variance = found.cofactor[1, 1] + found.cofactor[0, 0] - 2 * found.cofactor[0, 1]
    assert np.sqrt(variance * found.squares / found.df) == pytest.approx(0.0046991075291)


@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_full_tables_have_the_closed_form(candidates, replicates, seed):
    values = np.random.default_rng(seed).normal(size=(candidates, replicates))
    found = fit(values)
    rows, columns = values.mean(axis=1, keepdims=True), values.mean(axis=0)
    left = values - rows - columns + values.mean()
    assert found.squares == pytest.approx((left**2).sum())
    assert found.df == (candidates - 1) * (replicates - 1)
    assert found.means - found.means[0] == pytest.approx(rows[:, 0] - rows[0, 0])


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_tables_with_holes_are_fitted_as_by_dense_least_squares(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(5, 4))
    values[rng.random((5, 4)) < 0.3] = NAN
    values[:, 0] = rng.normal(size=5)  # a replicate that links all
    row, column = np.nonzero(~np.isnan(values))
    design = np.hstack([np.eye(5)[row], np.eye(4)[column]])
    effects, _, rank, _ = np.linalg.lstsq(design, values[row, column])
    left = values[row, column] - design @ effects
    found = fit(values)
    assert found.df == len(row) - rank
    assert found.squares == pytest.approx((left**2).sum(), abs=1e-9)
    assert found.means - found.means[0] == pytest.approx(effects[:5] - effects[0], abs=1e-9)


def test_leaving_one_candidate_out_is_subtracting_its_terms():
    values = np.random.default_rng(0).normal(size=(4, 3))
    each = terms(values)
    without = residual(
        *each.total(np.array([False, True, True, True]))[:2], each.squares[1:].sum(), 6
    )
    found = fit(values[1:])
    assert (without[0], without[1]) == (pytest.approx(found.squares), found.df)


def test_candidates_are_linked_by_chains_of_replicates():
    values = np.array([[1, 1, NAN, NAN], [NAN, 1, 1, NAN], [NAN, NAN, NAN, 1], [NAN, NAN, 1, NAN]])
    np.testing.assert_array_equal(linked(values), [0, 0, 1, 0])
