"""The corrected t-test for folds and repeated splits, whose training sets overlap."""

from collections.abc import Sequence

import numpy as np

from bakeoff.select.statistics.difference import Difference, student_difference


def resampled_difference(
    differences: Sequence[float], test_to_train: float, confidence: float
) -> Difference | None:
    """Mean of differences a - b over J resamples of the same data; None below two.

    t = d / sqrt((1/J + n_test / n_train) s^2), df = J - 1 (Nadeau and Bengio, Machine Learning 52, 2003;
    Bouckaert and Frank 2004 for J = folds x repetitions). `test_to_train` is n_test / n_train: 1 / (k - 1)
    for k folds. The term 1/J counts resamples, not samples, as an older copy of scikit-learn's example
    did. For seeds on one fixed split nothing overlaps: use the paired difference.
    """
    found = np.asarray(differences, float)
    resamples = len(found)
    if resamples < 2:
        return None
    variance = (1 / resamples + test_to_train) * found.var(ddof=1)
    return student_difference(
        float(found.mean()),
        float(np.sqrt(variance)),
        resamples - 1,
        resamples,
        confidence,
        "resampled",
    )
