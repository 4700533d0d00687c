"""What is said of results on test data: the gap to validation, the best baseline."""

import pytest

from bakeoff.select.tested_words import baseline_words, gap_words


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


@pytest.mark.parametrize(
    ("direction", "difference", "interval", "claim"),
    [
        ("max", 0.1, (0.05, 0.15), "; the selected run is better ("),
        ("max", 0.1, (-0.05, 0.15), "; the selected run is not shown better ("),
        ("max", -0.1, (-0.15, -0.05), "; the selected run is worse ("),
        ("min", -0.1, (-0.15, -0.05), "; the selected run is better ("),
        ("min", 0.1, (0.05, 0.15), "; the selected run is worse ("),
        ("min", 0.1, None, "minus it: +0.1, without an interval"),
    ],
)
def test_what_is_claimed(direction, difference, interval, claim):
    entry = {"name": "b", "value": 0.5, "difference": difference, "difference_ci95": interval}
    assert claim in baseline_words(entry, direction)
