"""Which candidates are compared, and why others are not."""

import pytest

from bakeoff.select.statistics.blocks import arrange
from bakeoff.select.statistics.eligible import eligible


def chosen(runs: dict[str, dict[int, float | None]]):
    table = arrange(
        [(name, seed, v) for name, values in runs.items() for seed, v in values.items()]
    )
    found = eligible(table)
    reasons = {table.candidates[row]: reason for row, reason in found.reasons.items()}
    compared = [table.candidates[row] for row in found.rows]
    return compared, [table.replicates[column] for column in found.columns], reasons


THREE = {0: 0.1, 1: 0.2, 2: 0.3}


def test_three_shared_replicates_are_compared():
    assert chosen({"a": THREE, "b": THREE}) == (["a", "b"], [0, 1, 2], {})


@pytest.mark.parametrize(("count", "reason"), [(1, "single"), (2, "observed")])
def test_fewer_than_three_allow_no_claim(count, reason):
    few = dict(list(THREE.items())[:count])
    assert chosen({"a": few, "b": few}) == ([], [], {"a": reason, "b": reason})
    assert chosen({"a": THREE, "b": THREE, "c": few})[2] == {"c": reason}


def test_a_candidate_that_lost_a_run_is_not_compared_though_it_has_three_others():
    lost = {**THREE, 3: None}
    full = {**THREE, 3: 0.4}
    assert chosen({"a": full, "b": full, "c": lost}) == (["a", "b"], [0, 1, 2, 3], {"c": "lost"})


def test_a_candidate_without_any_value_is_lost():
    assert chosen({"a": dict.fromkeys(range(3)), "b": THREE, "c": THREE})[2] == {"a": "lost"}


def test_a_replicate_that_all_lost_costs_nobody_its_place():
    runs = {**THREE, 3: None}
    assert chosen({"a": runs, "b": runs}) == (["a", "b"], [0, 1, 2], {})


def test_seeds_that_nobody_shares_do_not_count():
    other = {7: 0.1, 8: 0.2, 9: 0.3}
    assert chosen({"a": THREE, "b": THREE, "c": other})[2] == {"c": "apart"}
    assert chosen({"a": THREE, "b": other})[2] == {"a": "apart", "b": "apart"}


def test_of_two_groups_the_larger_is_compared():
    other = {7: 0.1, 8: 0.2, 9: 0.3}
    compared, columns, reasons = chosen(
        {"a": other, "b": other, "c": THREE, "d": THREE, "e": THREE}
    )
    assert (compared, columns) == (["c", "d", "e"], [0, 1, 2])
    assert reasons == {"a": "apart", "b": "apart"}


def test_a_candidate_by_itself_has_no_company():
    assert chosen({"a": THREE})[2] == {"a": "alone"}
    assert chosen({"a": THREE, "b": {0: 0.1}})[2] == {"a": "alone", "b": "single"}


def test_seeds_added_to_the_leaders_alone_are_used_among_them():
    five = {**THREE, 3: 0.1, 4: 0.2}
    assert chosen({"a": five, "b": five, "c": THREE})[:2] == (["a", "b", "c"], [0, 1, 2, 3, 4])


def test_dropping_one_candidate_may_leave_another_without_company():
    runs = {"a": THREE, "b": THREE, "c": {2: 0.1, 3: 0.2, 4: 0.3}, "d": {3: 0.1, 4: 0.2}}
    assert chosen(runs) == (["a", "b"], [0, 1, 2], {"c": "apart", "d": "observed"})
