"""Results on test data: their intervals, paired differences, and what is said of the gap."""

import numpy as np
import pytest
import torch
from scipy import stats

from bakeoff.select.outcome import Outcome, gap_words, intervals

RANDOM = np.random.default_rng(0)
HARD = RANDOM.normal(size=80)  # what makes an example hard for every candidate


def outcome(
    run: str, values: np.ndarray, unit: str = "images", shown: float | None = None
) -> Outcome:
    parts = torch.from_numpy(values)

    def weighted(counts):
        return {"score": counts @ parts / counts.sum(dim=1)}

    mean = float(values.mean()) if shown is None else shown
    result = {"score": mean, "loss": 1.0, "lost": None}
    return Outcome(run, f"candidate {run}", result, weighted, len(values), unit)


def test_the_interval_is_of_what_the_metric_declares():
    found = intervals([outcome("a", HARD)], "score").of["a"]
    assert set(found) == {"score"}
    low, high = found["score"]
    half = stats.t.ppf(0.975, 79) * stats.sem(HARD)
    assert (low, high) == pytest.approx((HARD.mean() - half, HARD.mean() + half), abs=0.05)


def test_differences_are_paired_over_the_examples():
    """Examples differ by far more than the two candidates do."""
    other = HARD - 0.05 + 0.01 * RANDOM.normal(size=80)
    found = intervals([outcome("a", HARD), outcome("b", other)], "score")
    difference, (low, high) = found.differences["b"]
    assert difference == pytest.approx(0.05, abs=0.01)
    assert 0.04 < low < difference < high < 0.06
    low, high = found.of["a"]["score"]
    assert high - low > 0.2


def test_a_result_that_cannot_be_worked_out_again_has_no_interval():
    assert intervals([outcome("a", HARD, shown=9.0)], "score").of == {"a": {}}


def test_other_units_are_not_paired():
    found = intervals([outcome("a", HARD), outcome("b", HARD, unit="documents")], "score")
    assert found.differences == {}
    assert set(found.of) == {"a"}


def test_the_gap_in_words():
    said = gap_words(0.80, 0.77, (0.75, 0.79), "max")
    assert said.startswith(
        "0.03 worse than this run's validation result 0.8: outside the test's 95 %"
    )
    assert said.endswith(
        "interval; choosing epoch and candidate on validation data flatters it, or the two splits are not "
        "equally hard"
    )
    assert gap_words(0.80, 0.79, (0.75, 0.83), "max") == (
        "0.01 worse than this run's validation result 0.8: within the test's 95 % interval"
    )
    assert gap_words(2.0, 1.0, (0.9, 1.1), "min") == (
        "1 better than this run's validation result 2: outside the test's 95 % interval; the two splits "
        "are not equally hard"
    )
    assert gap_words(0.5, 0.5, None, "max") == "equal to this run's validation result 0.5"
    assert gap_words(0.5, 0.4, None, "max") == "0.1 worse than this run's validation result 0.5"
    assert gap_words(None, 0.4, None, "max") == ""
