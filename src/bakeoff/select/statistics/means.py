"""The mean of a candidate's replicates with its confidence interval."""

from collections.abc import Sequence

import numpy as np

from bakeoff.select.statistics.student import quantile


def mean_interval(
    values: Sequence[float], confidence: float, test_to_train: float
) -> tuple[float, float] | None:
    """Bounds of the mean of replicates; None below two values, which have no spread.

    mean ± t(1 - alpha/2, n - 1) s sqrt(1/n + test_to_train), s with n - 1 in its denominator (Student
    1908). Seeds on one split have test_to_train = 0; they say how the mean varies over seeds for this
    split, not over other data. For folds it is n_test / n_train, because their training sets overlap
    (Nadeau and Bengio 2003, see `resampled`).
    """
    if len(values) < 2:
        return None
    standard_error = np.std(values, ddof=1) * np.sqrt(1 / len(values) + test_to_train)
    half = quantile((1 + confidence) / 2, len(values) - 1) * standard_error
    centre = float(np.mean(values))
    return centre - float(half), centre + float(half)
