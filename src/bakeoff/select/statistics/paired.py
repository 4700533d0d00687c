"""The difference of two candidates, paired over the replicates that both have."""

from collections.abc import Sequence

import numpy as np

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.difference import Difference, student_difference


def paired_difference(
    a: Sequence[float], b: Sequence[float], confidence: float
) -> Difference | None:
    """Mean of a - b over shared replicates; `a` and `b` hold NaN where a replicate is missing.

    The paired t-test (Student 1908): SE = s_d / sqrt(n), df = n - 1. None below two shared replicates.
    Raises BakeoffError for sequences of different lengths.
    """
    first, second = np.asarray(a, float), np.asarray(b, float)
    if first.shape != second.shape:
        raise BakeoffError(
            f"paired values must be given in the same order of replicates, got {len(first)} and "
            f"{len(second)}: put NaN where a replicate is missing"
        )
    differences = first - second
    differences = differences[~np.isnan(differences)]
    n = len(differences)
    if n < 2:
        return None
    standard_error = float(differences.std(ddof=1) / np.sqrt(n))
    return student_difference(
        float(differences.mean()), standard_error, n - 1, n, confidence, "paired"
    )
