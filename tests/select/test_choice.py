"""Which candidate and which run is selected, and what is said of it."""

import pytest

from bakeoff.select.choice import chosen_candidate, chosen_run
from bakeoff.store.record import Metric, RunRecord


def runs(*values: float) -> list[RunRecord]:
    return [
        RunRecord(
            id=f"r{seed}",
            status="completed",
            experiment="e",
            task="t",
            candidate="c",
            overrides=[],
            seed=seed,
            metric=Metric("m", "max", value, 0),
        )
        for seed, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "direction", "run", "words"),
    [
        ((3,), "max", "r0", "its only completed run"),
        ((1, 2), "max", "r0", "the worse of its 2 runs"),
        ((1, 2), "min", "r1", "the worse of its 2 runs"),
        ((3, 1, 2), "max", "r2", "the median of its 3 runs"),
        ((4, 1, 3, 2), "max", "r3", "the median of its 4 runs, of the two in the middle the worse"),
        ((4, 1, 3, 2), "min", "r2", "the median of its 4 runs, of the two in the middle the worse"),
    ],
)
def test_the_median_run(values, direction, run, words):
    chosen, said = chosen_run(runs(*values), "median", direction)
    assert (chosen.id, said) == (run, words)


def test_the_best_run():
    assert chosen_run(runs(1, 3, 2), "best", "max")[0].id == "r1"
    assert chosen_run(runs(1, 3, 2), "best", "min")[0].id == "r0"
    assert chosen_run(runs(1, 3, 2), "best", "max")[1] == "the best of its 3 runs"


COSTS = {"a": 5, "b": 1, "c": 1, "d": 0, "e": None}


def chosen(prefer, tied="abc", is_claimed=True, costs=COSTS):
    return chosen_candidate("abcde", set(tied), is_claimed, prefer, costs.get)


def test_the_best_mean_unless_something_is_preferred():
    assert chosen(None) == ("a", "the best mean")
    assert chosen("parameters") == ("b", "the fewest parameters of the 3 that may be the best")
    assert chosen("train_seconds", "ac")[1] == "the shortest training of the 2 that may be the best"
    assert chosen("parameters", "a") == ("a", "the best mean")


def test_whose_cost_is_not_known_is_not_preferred():
    assert chosen("parameters", "ae")[0] == "a"
    name, why = chosen("parameters", costs={})
    assert name == "a" and "parameters that selection.prefer asks for are not known" in why


def test_without_a_claim_nothing_is_preferred_and_that_is_said():
    name, why = chosen("parameters", is_claimed=False)
    assert name == "a" and why.startswith("the best mean: too few runs for a claim")


def test_the_first_in_rank_may_be_out():
    assert chosen(None, "bc") == ("b", "the first in rank that may be the best")
    assert chosen(None, "") == ("a", "the best mean")
