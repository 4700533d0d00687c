"""A difference of two means, with its interval and its p, from Student's t distribution."""

from dataclasses import dataclass
from typing import Literal

from bakeoff.select.statistics.student import quantile, upper_tail

Analysis = Literal["pooled", "paired", "resampled"]


@dataclass(frozen=True)
class Difference:
    """Mean of a - b over `n` shared replicates; interval and two-sided p from t with `df` degrees."""

    mean: float
    standard_error: float
    df: float
    low: float
    high: float
    p: float
    n: int
    analysis: Analysis  # how the standard error was found


def student_difference(
    mean: float, standard_error: float, df: float, n: int, confidence: float, analysis: Analysis
) -> Difference:
    """Make the interval mean ± t(1 - alpha/2, df) SE and p = P(|T| > |mean| / SE).

    Without any spread (SE = 0) the interval is the point, and p is 1 for no difference, else 0.
    """
    half = quantile((1 + confidence) / 2, df) * standard_error
    p = float(mean == 0)
    if standard_error > 0:
        p = 2 * upper_tail(abs(mean) / standard_error, df)
    return Difference(mean, standard_error, df, mean - half, mean + half, p, n, analysis)
