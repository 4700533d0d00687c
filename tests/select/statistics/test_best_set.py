"""The set that holds the best candidate, by hand, by properties and by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bakeoff.select.statistics.best_set import best_set
from bakeoff.select.statistics.blocks import Table, arrange
from bakeoff.select.statistics.many_to_one import critical_value


def table(values) -> Table:
    values = np.asarray(values, float)
    names = tuple("abcdefghijklmnop"[: len(values)])
    return Table(names, tuple(range(values.shape[1])), values, frozenset())


def found(values, direction="max", confidence=0.95, test_to_train=0.0):
    return best_set(table(values), direction, confidence, test_to_train)


# Means 9, 7, 0; residuals 0, 1, -1; 0, -1, 1; 0, 0, 0, whatever the replicates share: MSE = 4 / 4.
BY_HAND = np.array([[9.0, 10, 8], [7, 6, 8], [0, 0, 0]]) + np.array([1.0, 2, 4])
CRITICAL = 2.6104  # of two comparisons with four degrees of freedom
MARGIN = CRITICAL * (2 / 3) ** 0.5


def test_the_critical_value_used_below_is_scipys():
    both = stats.multivariate_t(shape=[[1, 0.5], [0.5, 1]], df=4, seed=0)
    assert both.cdf([CRITICAL, CRITICAL]) == pytest.approx(0.95, abs=2e-4)  # it samples


def test_by_hand():
    result = found(BY_HAND)
    assert result.members == ("a", "b")
    assert [place.verdict for place in result.standings] == [
        "may_be_best",
        "may_be_best",
        "not_best",
    ]
    # a is ahead of the best of the others, b, by 2; b behind a by 2; c behind a by 9.
    intervals = [place.interval for place in result.standings]
    assert intervals[0] == pytest.approx((2 - MARGIN, 2 + MARGIN), abs=1e-3)
    assert intervals[1] == pytest.approx((-2 - MARGIN, -2 + MARGIN), abs=1e-3)
    assert intervals[2] == pytest.approx((-9 - MARGIN, 0), abs=1e-3)
    assert (result.variance, result.df) == (pytest.approx(1), 4)
    assert (result.pool, result.alone) == (("a", "b", "c"), {})


def test_the_only_member_is_the_best_and_nobody_is_better_than_it():
    result = found(BY_HAND + np.array([[1.0], [0], [0]]))
    assert result.members == ("a",)
    assert [place.verdict for place in result.standings] == ["best", "not_best", "not_best"]
    low, high = result.standings[0].interval
    assert (low, high) == (0, pytest.approx(3 + MARGIN, abs=1e-3))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.integers(3, 6))
def test_smaller_is_better_mirrors_larger_is_better(seed, candidates, replicates):
    values = np.random.default_rng(seed).normal(size=(candidates, replicates))
    larger, smaller = found(values), found(-values, "min")
    assert smaller.members == larger.members
    for up, down in zip(larger.standings, smaller.standings, strict=True):
        assert down.interval == pytest.approx((-up.interval[1], -up.interval[0]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.integers(3, 6), st.booleans())
def test_the_leader_is_a_member_and_the_intervals_agree_with_the_set(
    seed, candidates, replicates, wild
):
    values = np.random.default_rng(seed).normal(size=(candidates, replicates))
    if wild:
        values[0] *= 10
    result = found(values)
    assert result.compared[values.mean(axis=1).argmax()] in result.members
    for place in result.standings:
        low, high = place.interval
        assert low <= 0 <= high
        assert (high > 0) == (place.candidate in result.members)
        assert (low == 0) == (place.verdict == "best")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_replicates_share_and_the_order_of_candidates_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    values, order = rng.normal(size=(6, 4)), rng.permutation(6)
    plain = found(values)
    moved = found((values + 100 * rng.normal(size=4))[order])
    names = {"abcdef"[row]: "abcdef"[place] for place, row in enumerate(order)}
    assert {names[name] for name in plain.members} == set(moved.members)


@pytest.mark.parametrize("seed", [0, 1, 40, 213, 240])  # in the last three only members bound
def test_intervals_are_the_published_formula_written_out(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(5, 4)) * [[6], [1], [1], [1], [1]] + [[0], [2.2], [0], [0], [0]]
    result = found(values)
    compared = result.comparison

    def margin(k, j):
        t = critical_value(0.95, 4, int(compared.df[k, j]), 0.5)
        return t * compared.standard_error[k, j]

    members = [result.compared.index(name) for name in result.members]
    for k, place in enumerate(result.standings):
        others = [j for j in range(5) if j != k]
        high = max(0, min(compared.mean[k, j] + margin(k, j) for j in others))
        low = 0
        if members != [k]:
            low = min(0, *(compared.mean[k, j] - margin(k, j) for j in members if j != k), 0)
        assert place.interval == pytest.approx((low, high))


def test_more_confidence_keeps_more():
    values = np.random.default_rng(0).normal(size=(8, 3))
    values[0] += 2
    sizes = [len(found(values, confidence=c).members) for c in (0.5, 0.8, 0.95, 0.999)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


@pytest.mark.parametrize(("replicates", "verdict"), [(1, "single"), (2, "observed")])
def test_one_or_two_replicates_allow_no_claim(replicates, verdict):
    result = found([[0.9] * replicates, [0.1] * replicates])
    assert {place.verdict for place in result.standings} == {verdict}
    assert {place.interval for place in result.standings} == {None}
    assert (result.members, result.comparison) == ((), None)


def test_a_wild_candidate_is_named_with_its_spread():
    values = np.random.default_rng(0).normal(size=(6, 5)) + np.arange(6)[:, None] * 10
    values[2] *= 30
    result = found(values)
    assert result.pool == ("a", "b", "d", "e", "f")
    assert result.alone == {"c": pytest.approx(900, rel=0.9)}


def test_a_deterministic_candidate_is_compared_alone():
    values = np.random.default_rng(0).normal(size=(4, 5))
    values[3] = -9.0
    result = found(values)
    assert result.alone == {"d": None}
    assert result.standings[3].verdict == "not_best"


def test_candidates_that_do_not_vary_differ_by_what_they_differ():
    result = found([[0.5, 0.5, 0.5], [0.4, 0.4, 0.4], [0.5, 0.5, 0.5]])
    assert result.members == ("a", "c")
    assert result.standings[1].verdict == "not_best"


def test_a_candidate_that_lost_a_run_is_not_compared():
    runs = [(name, seed, seed / 10) for name in "abc" for seed in range(4)]
    runs[-1] = ("c", 3, None)
    result = best_set(arrange(runs), "max", 0.95, 0.0)
    assert [place.verdict for place in result.standings] == ["may_be_best", "may_be_best", "lost"]
    assert result.compared == ("a", "b")


def test_fewer_replicates_of_some_candidates_keep_the_level_by_a_larger_margin():
    rng = np.random.default_rng(5)
    values = rng.normal(size=(6, 6))
    values[3:, 3:] = np.nan
    result = found(values)
    assert set(result.compared) == set("abcdef")
    low, high = result.standings[5].interval
    assert high - low > 0
    assert result.comparison.correlation < 0.5


def test_seeds_added_to_two_leaders_tell_them_from_each_other_without_forgetting_the_rest():
    values = np.random.default_rng(2).normal(size=(6, 12))
    values += np.array([2.0, 0.5, -2, -2, -2, -2])[:, None]
    values[2:, 3:] = np.nan
    assert found(values[:, :3]).members == ("a", "b")
    assert found(values).members == ("a",)


def test_folds_of_the_same_data_rule_out_less_than_seeds():
    values = np.random.default_rng(1).normal(size=(6, 10)) + np.arange(6)[:, None] / 3
    assert len(found(values).members) < len(found(values, test_to_train=1 / 9).members)


def test_a_pair_with_too_few_shared_replicates_rules_nobody_out():
    # c does not vary, so it is compared alone; it shares only two replicates with b.
    nan = np.nan
    values = [[1, 2, 1.5, 1, 2], [1.1, 2.2, 1.4, nan, nan], [nan, 90, 90, 90, 90]]
    result = found(values)
    assert result.members == ("b", "c")
    assert result.standings[2].interval[0] is None  # behind b by an unknown distance


def simulated(candidates, replicates, gap, wild=None, sweeps=400):
    rng = np.random.default_rng(candidates * 100 + replicates)
    lost, kept = 0, 0
    for _ in range(sweeps):
        values = rng.normal(size=(candidates, replicates)) + 3 * rng.normal(size=replicates)
        if wild is not None:
            values[wild] += 4 * rng.normal(size=replicates)
        values[0] += gap
        members = found(values).members
        lost, kept = lost + ("a" not in members), kept + len(members)
    return lost / sweeps, kept / sweeps


def test_the_best_of_equal_candidates_is_lost_in_one_sweep_of_twenty():
    lost, _ = simulated(8, 3, gap=0)
    assert 0.02 < lost < 0.085  # 400 sweeps: 5 % with a standard error of 1.1 %


@pytest.mark.parametrize(("replicates", "most"), [(3, 5.1), (5, 3.1)])
def test_a_gap_of_two_standard_deviations_leaves_few(replicates, most):
    lost, kept = simulated(8, replicates, gap=2)
    assert lost < 0.01
    assert kept < most


def test_a_candidate_of_five_times_the_spread_does_not_push_out_the_best():
    lost, _ = simulated(8, 5, gap=0, wild=-1)
    assert lost < 0.085


@pytest.mark.parametrize("replicates", [3, 5, 10])
def test_all_distances_of_a_sweep_hold_the_truth_at_once_in_19_of_20(replicates):
    rng = np.random.default_rng(replicates)
    means = np.array([2.0, 0, 0, 0, 0, 0])
    truth = np.array([2.0, -2, -2, -2, -2, -2])  # of each mean minus the best of the others
    held = 0
    for _ in range(400):
        values = means[:, None] + rng.normal(size=(6, replicates)) + rng.normal(size=replicates)
        bounds = np.array([place.interval for place in found(values).standings], float)
        low, high = np.where(np.isnan(bounds), [-np.inf, np.inf], bounds).T
        held += bool(((low <= truth) & (truth <= high)).all())
    assert 0.92 < held / 400 < 0.98  # a standard error of 1.1 %
