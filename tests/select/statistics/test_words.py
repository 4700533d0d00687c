"""What is said of a candidate."""

import numpy as np
import pytest

from bakeoff.select.statistics import words
from bakeoff.select.statistics.best_set import best_set
from bakeoff.select.statistics.blocks import arrange

EXTEND = "bakeoff extend latest seed=3,4"


def said(rows, direction="max"):
    runs = [(name, seed, v) for name, values in rows.items() for seed, v in enumerate(values)]
    found = best_set(arrange(runs), direction, 0.95, 0.0)
    return [words.verdict(place, found, 1, EXTEND) for place in found.standings], found


def test_a_winner_a_tie_and_a_loser():
    ahead = {"a": [9, 9.1, 8.9], "b": [1, 1.2, 0.9], "c": [1.1, 1, 1]}
    assert said(ahead)[0] == ["the best, at 95 %", "not the best", "not the best"]
    tied = {"a": [9, 9.1, 8.9], "b": [9.1, 8.9, 9.2], "c": [1.1, 1, 1]}
    assert said(tied)[0] == ["among 2 that may be the best"] * 2 + ["not the best"]


def test_too_few_runs_and_how_to_add_some():
    assert said({"a": [1, 2], "b": [1, 3]})[0][0] == (
        f"observed only: two runs; add seeds with `{EXTEND}`"
    )
    assert said({"a": [1], "b": [2]})[0][0] == (
        f"one run each: not comparable; add seeds with `{EXTEND}`"
    )


def test_a_lost_run_and_no_company():
    rows = {"a": [1, 2, None], "b": [1, 3, 2], "c": [1, 3, 2.5]}
    assert said(rows)[0][0] == "a run did not complete: not comparable"
    assert said({"a": [1, 2, 3]})[0] == ["nothing to compare with"]


def test_how_candidates_were_compared():
    rng = np.random.default_rng(0)
    rows = {name: rng.normal(size=4).tolist() for name in "abcdef"}
    rows["e"] = (100 * rng.normal(size=4)).tolist()
    rows["f"] = [0.5] * 4
    _, found = said(rows)
    text = words.analysis(found, 0)
    assert text.startswith("4 candidates compared with one pooled variance over shared seeds (12 ")
    assert "e compared alone: its variance is " in text
    assert text.endswith("alone: it does not vary; over seeds, for this split of the data")
    assert words.analysis(said({"a": [1], "b": [2]})[1], 0) == ""
    text = words.analysis(found, 4)
    assert "over shared folds (12 " in text and "; over 4 folds, corrected for the training" in text


def test_candidates_that_are_equal_to_the_bit_leave_no_ratio_of_variances():
    same = [0.97, 0.98, 0.96]
    text = words.analysis(said({"a": same, "b": same, "c": [0.9, 0.95, 0.91]})[1], 1)
    assert "c compared alone: the others differ from each other by the same on every seed" in text
    assert "e+" not in text


def test_more_seeds():
    assert words.more_replicates(3, 7, 0.8, EXTEND) == (
        "4 more seeds would separate the leader from the next with 80 % power, if the difference is as "
        f"large as observed: `{EXTEND}`"
    )
    for many in (None, 101):
        assert words.more_replicates(3, many, 0.8, EXTEND) == (
            "more than 100 seeds would be needed to separate the leader from the next"
        )
    assert words.more_replicates(3, 100, 0.8, EXTEND).startswith("97 more seeds would")
    assert words.more_replicates(5, 5, 0.8, EXTEND).startswith("5 seeds separate")


def test_practical_probabilities():
    found = {"leader": "a", "margin": 0.01, "better": 0.93, "equal": 0.065, "worse": 0.005}
    assert words.practical_words(found) == "93 % better, 6 % equal, 0.5 % worse"


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.95, "95 %"), (0.0, "0 %"), (1.0, "100 %"), (0.9999, "above 99.9 %"), (0.0002, "below 0.1 %"),
     (0.996, "99.6 %"), (0.004, "0.4 %")],
)  # fmt: skip
def test_a_rounded_probability_is_never_certain(probability, text):
    assert words.percent(probability) == text
