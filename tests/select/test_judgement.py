"""Who is compared over what, and how many more seeds are proposed."""

import numpy as np
import pytest
from scipy import stats

from bakeoff.select.judgement import judge
from bakeoff.store.record import Metric, RunRecord


def runs(candidate: str, *values: float) -> list[RunRecord]:
    return [
        RunRecord(
            id=f"{candidate}{seed}",
            status="completed",
            experiment="e",
            task="t",
            candidate=candidate,
            overrides=[],
            seed=seed,
            metric=Metric("m", "max", value, 0),
        )
        for seed, value in enumerate(values)
    ]


def test_pairing_over_seeds_finds_what_the_means_hide():
    """The seeds differ by far more than the candidates do, and shift both alike."""
    groups = {"a": runs("a", 0.1, 0.5, 0.9, 0.3), "b": runs("b", 0.09, 0.488, 0.89, 0.289)}
    judged = judge(groups, "max", "bakeoff run e", None)
    assert judged.verdicts == {"a": "the best, at 95 %", "b": "not the best"}
    assert judged.tied == {"a"}


def test_the_proposal_names_the_command_with_the_number_of_seeds():
    groups = {"a": runs("a", 0.50, 0.54, 0.58), "b": runs("b", 0.52, 0.50, 0.55)}
    judged = judge(groups, "max", "bakeoff run mine", None)
    assert judged.tied == {"a", "b"}
    (note,) = [note for note in judged.notes if "more seeds" in note]
    count = int(note.split("range(")[1].split(")")[0])
    assert note.endswith(f"`bakeoff run mine 'seed=range({count})'`")
    assert note.startswith(f"{count - 3} more seeds")


def test_seeds_that_would_separate_equals_are_not_proposed():
    groups = {"a": runs("a", 0.502, 0.540, 0.581), "b": runs("b", 0.501, 0.540, 0.579)}
    assert any("more seeds" in note for note in judge(groups, "max", "run", 0.001).notes)
    judged = judge(groups, "max", "run", 0.05)
    assert judged.practical["b"]["equal"] > 0.95
    assert len(judged.notes) == 1


def test_the_smaller_mean_wins_where_less_is_better():
    groups = {"low": runs("low", 0.1, 0.11, 0.12), "high": runs("high", 0.9, 0.91, 0.93)}
    assert judge(groups, "min", "bakeoff run e", None).tied == {"low"}


def test_a_single_candidate_has_nobody_to_be_compared_with():
    judged = judge({"a": runs("a", 0.1, 0.2, 0.3)}, "max", "bakeoff run e", None)
    assert judged.verdicts == {"a": "nothing to compare with"}
    assert judged.notes == []


def test_how_probable_a_difference_is_that_matters():
    """Against the paired posterior of two candidates, by SciPy."""
    a, b = [0.50, 0.54, 0.58, 0.56], [0.52, 0.50, 0.55, 0.55]
    groups = {"a": runs("a", *a), "b": runs("b", *b)}
    judged = judge(groups, "max", "bakeoff run e", 0.01)
    assert set(judged.practical) == {"b"}
    found = judged.practical["b"]
    assert (found["leader"], found["margin"]) == ("a", 0.01)
    difference = np.subtract(b, a)
    posterior = stats.t(3, difference.mean(), stats.sem(difference))
    assert found["better"] == pytest.approx(posterior.sf(0.01))
    assert found["worse"] == pytest.approx(posterior.cdf(-0.01))
    assert found["equal"] == pytest.approx(posterior.cdf(0.01) - posterior.cdf(-0.01))


def test_without_a_margin_or_a_comparison_nothing_is_probable():
    groups = {"a": runs("a", 0.50, 0.54, 0.58), "b": runs("b", 0.52, 0.50, 0.55)}
    assert judge(groups, "max", "bakeoff run e", None).practical == {}
    assert judge({"a": runs("a", 0.5), "b": runs("b", 0.5)}, "max", "c", 0.01).practical == {}


def test_differences_to_the_leader_are_paired_over_the_seeds_that_both_have():
    """Of two candidates the pooled analysis is the paired one: against SciPy."""
    a, b = [0.50, 0.54, 0.58, 0.56], [0.52, 0.50, 0.55, 0.55]
    judged = judge({"a": runs("a", *a), "b": runs("b", *b)}, "max", "bakeoff run e", None)
    assert set(judged.to_leader) == {"b"}
    found, expected = judged.to_leader["b"], stats.ttest_rel(b, a).confidence_interval(0.95)
    assert (found["leader"], found["n"]) == ("a", 4)
    assert found["mean"] == pytest.approx(np.subtract(b, a).mean())
    assert found["ci95"] == pytest.approx((expected.low, expected.high))


def test_two_runs_each_make_no_difference_to_the_leader():
    judged = judge({"a": runs("a", 0.5, 0.6), "b": runs("b", 0.4, 0.5)}, "max", "b", None)
    assert judged.to_leader == {}
