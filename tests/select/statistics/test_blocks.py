"""Runs arranged by what they share."""

import math

import numpy as np
import pytest

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.blocks import arrange, averaged


def test_values_stand_in_their_candidates_row_and_their_replicates_column():
    table = arrange([("b", (0, None), 1.0), ("a", (0, None), 2.0), ("b", (1, None), 3.0)])
    assert table.candidates == ("b", "a")
    assert table.replicates == ((0, None), (1, None))
    np.testing.assert_array_equal(table.values, [[1, 3], [2, np.nan]])


def test_a_cell_that_was_never_planned_is_told_from_one_that_was_lost():
    table = arrange([("a", 0, 1.0), ("a", 1, None), ("a", 2, 3.0), ("b", 0, 1.0), ("b", 1, 2.0)])
    assert table.lost == {("a", 1)}
    assert table.absent == [("b", 2)]
    assert table.incomplete() == {"a"}


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_lost(value):
    table = arrange([("a", 0, value), ("b", 0, 1.0)])
    assert table.lost == {("a", 0)}
    assert np.isnan(table.values[0, 0])


def test_a_replicate_that_everybody_lost_makes_nobody_incomplete():
    table = arrange([("a", 0, 1.0), ("a", 1, None), ("b", 0, 2.0), ("b", 1, None)])
    assert table.incomplete() == set()


def test_a_seed_of_zero_is_a_seed():
    assert arrange([("a", 0, 0.0), ("b", 0, 0.0)]).lost == frozenset()


def test_two_runs_of_one_replicate_do_not_count_as_independent():
    with pytest.raises(BakeoffError, match=r"'a' has two runs of replicate 3"):
        arrange([("a", 3, 1.0), ("a", 3, 1.0)])


def test_a_block_has_the_mean_of_its_replicates():
    rows = {"a": [1.0, 3.0, 5.0], "b": [2.0, 6.0, None]}
    table = arrange((name, at, v) for name, values in rows.items() for at, v in enumerate(values))
    found = averaged(table, lambda replicate: "first" if replicate < 2 else "last")
    assert found.candidates == ("a", "b") and found.replicates == ("first", "last")
    np.testing.assert_array_equal(found.values, [[2, 5], [4, np.nan]])
    assert found.lost == {("b", "last")} and found.incomplete() == {"b"}


def test_a_block_of_which_one_replicate_was_lost_is_lost():
    rows = {"a": [1.0, None, 9.0], "b": [2.0, 4.0, 9.0], "c": [5.0, 7.0, 9.0]}
    table = arrange((name, at, v) for name, values in rows.items() for at, v in enumerate(values))
    found = averaged(table, lambda replicate: replicate < 2)
    np.testing.assert_array_equal(found.values, [[np.nan, 9], [3, 9], [6, 9]])
    assert found.incomplete() == {"a"}


def test_a_replicate_that_everybody_lost_costs_no_block():
    rows = {"a": [1.0, None, None], "b": [2.0, None, None]}
    table = arrange((name, at, v) for name, values in rows.items() for at, v in enumerate(values))
    found = averaged(table, lambda replicate: replicate < 2)
    np.testing.assert_array_equal(found.values, [[1, np.nan], [2, np.nan]])
    assert found.lost == {("a", False), ("b", False)} and found.incomplete() == set()
