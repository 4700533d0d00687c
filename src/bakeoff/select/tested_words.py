"""What is said of results on test data."""

from collections.abc import Mapping, Sequence
from typing import Any


def gap_words(
    validation: float | None,
    test: float | None,
    interval: Sequence[float] | None,
    direction: str,
) -> str:
    """How far the test result of a run is from its validation result, in words; empty without both."""
    if validation is None or test is None:
        return ""
    worse = (validation - test) if direction == "max" else (test - validation)
    how = "worse" if worse > 0 else "better"
    said = f"{abs(worse):.4g} {how} than this run's validation result {validation:.4g}"
    if test == validation:
        said = f"equal to this run's validation result {validation:.4g}"
    if interval is None:
        return said
    if interval[0] <= validation <= interval[1]:
        return f"{said}: within the test's 95 % interval"
    why = "choosing epoch and candidate on validation data flatters it, or " if worse > 0 else ""
    return f"{said}: outside the test's 95 % interval; {why}the two splits are not equally hard"


def baseline_words(entry: Mapping[str, Any], direction: str) -> str:
    """Whether the selected run is better than the best baseline on test data, in a sentence."""
    name = f"the best baseline, {entry['name']},"
    if entry.get("why"):
        return f"{name} was not evaluated on test data: {entry['why']}"
    difference, interval = entry["difference"], entry["difference_ci95"]
    reach = f"{name} reaches {entry['value']:.4g} on the same test data"
    by = f"the selected run minus it: {difference:+.4g}"
    if interval is None:
        return f"{reach} ({by}, without an interval)"
    gains = sorted(bound if direction == "max" else -bound for bound in interval)
    claim = "the selected run is not shown better"
    if gains[0] > 0:
        claim = "the selected run is better"
    elif gains[1] < 0:
        claim = "the selected run is worse"
    return f"{reach}; {claim} ({by}, 95 % interval {interval[0]:+.4g} to {interval[1]:+.4g})"
