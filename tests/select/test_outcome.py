"""Results on test data: their intervals and paired differences."""

import numpy as np
import pytest
import torch
from scipy import stats

from bakeoff.select.outcome import Outcome, intervals

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
