"""The mean of a candidate's replicates with its confidence interval."""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def mean_interval(values: Sequence[float], confidence: float) -> tuple[float, float] | None:
    """Bounds of the mean of independent values; None below two values, which have no spread.

    mean ± t(1 - alpha/2, n - 1) s / sqrt(n), s with n - 1 in its denominator (Student 1908). Seeds on one
    split say how the mean varies over seeds for this split, not over other data.
    """
    if len(values) < 2:
        return None
    half = stats.t.ppf((1 + confidence) / 2, len(values) - 1) * stats.sem(values)
    centre = float(np.mean(values))
    return centre - float(half), centre + float(half)
