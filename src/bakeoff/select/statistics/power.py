"""How many replicates would separate two candidates that the data cannot tell apart yet."""

import numpy as np
from scipy import special

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.eligible import CLAIM
from bakeoff.select.statistics.many_to_one import critical_value
from bakeoff.select.statistics.pooled import Comparison

CORRELATION = 0.5  # of differences from a common candidate, where no cell is empty
MOST = 10_000  # replicates that are thought about


def replicates_to_separate(
    comparison: Comparison, a: int, b: int, confidence: float, power: float
) -> int | None:
    """The replicates that candidates a and b of a comparison need, by the analysis that it used."""
    pool = int(comparison.spread.pool.sum())
    now = 1 / comparison.shared[a, b] + comparison.test_to_train
    return replicates_needed(
        gap=float(comparison.mean[a, b]),
        deviation=float(comparison.standard_error[a, b] / np.sqrt(now)),
        comparisons=len(comparison.mean) - 1,
        df_per_replicate=pool - 1 if comparison.pooled[a, b] else 1,
        test_to_train=comparison.test_to_train,
        confidence=confidence,
        power=power,
    )


def replicates_needed(
    gap: float,
    deviation: float,
    comparisons: int,
    df_per_replicate: int,
    test_to_train: float,
    confidence: float,
    power: float,
) -> int | None:
    """The least number n of replicates each at which the gap is seen with probability `power`.

    `gap` is the difference of two means, `deviation` the standard deviation of one paired difference:
    sqrt(2 MSE) in the pool. The gap is seen where it exceeds t SE, SE = deviation sqrt(1/n + test_to_train)
    as in `pooled.compare`, t the critical value of `best_set` with df = df_per_replicate (n - 1): K - 1 in
    a pool of K, 1 for a pair. The power is P(T' > t) for the noncentral t with noncentrality gap / SE
    (Johnson and Welch, Biometrika 31, 1940).

    The gap counts as if it were the true one; that of a leader chosen from the same data is inflated, so
    the answer is the least to expect. None where there is no gap or more than MOST are needed. Raises
    BakeoffError for a power outside (0, 1).
    """
    if not 0 < power < 1:
        raise BakeoffError(f"power={power}: expected a probability between 0 and 1, such as 0.8")
    gap = abs(gap)
    if deviation == 0:
        return CLAIM if gap > 0 else None

    def seen(n: int) -> float:
        df = df_per_replicate * (n - 1)
        t = critical_value(confidence, comparisons, df, CORRELATION)
        noncentrality = gap / (deviation * np.sqrt(1 / n + test_to_train))
        return 1 - float(special.nctdtr(df, noncentrality, t))

    if gap == 0 or seen(MOST) < power:
        return None
    low, high = CLAIM - 1, CLAIM
    while seen(high) < power:
        low, high = high, min(2 * high, MOST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if seen(middle) < power else (low, middle)
    return high
