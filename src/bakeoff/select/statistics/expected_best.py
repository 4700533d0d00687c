"""The best value to expect of n settings, as a curve over n: what tuning effort alone brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import bdtr, bdtrc, gammaln

from bakeoff.errors import BakeoffError


@dataclass(frozen=True)
class ExpectedBest:
    """For n = 1 .. N settings: `expected` best value, and a band `low` to `high` for its median.

    The expected best is estimated without bias. The band holds the median of the best of n settings with
    the given confidence at each n, for any distribution; NaN where it is open: N settings hold no bound
    for the best of more than about N / 5.
    """

    settings: np.ndarray
    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray


def expected_best(
    values: Sequence[float], direction: Literal["max", "min"], confidence: float
) -> ExpectedBest:
    """Estimate the expected best of n settings drawn at random, from the values of N settings tried.

    With values sorted upwards x_1 <= ... <= x_N, the mean over all subsets of n is
    sum_i C(i - 1, n - 1) / C(N, n) x_i, which is unbiased (Tang et al., ACL 2020); the plug-in of Dodge
    et al. (EMNLP 2019), sum_i x_i [(i / N)^n - ((i - 1) / N)^n], is not. Bootstrap bands around it cover
    60 % where they claim 95, from n = N / 2 on. The median of the best of n is the quantile
    q = 0.5^(1 / n) of a single setting's value, for which order statistics are an exact interval: x_l and
    x_u with P(Bin(N, q) < l) and P(Bin(N, q) >= u) at most alpha / 2 each (Thompson 1936; for tuning
    curves Lourie, Cho, He, NAACL 2024).

    `values` have one entry per setting: a setting's mean over its seeds. For settings chosen by a search
    that learns (TPE), the curve describes that search, not random draws. Raises BakeoffError without
    values or where one is not finite.
    """
    sign = 1 if direction == "max" else -1
    x = np.sort(sign * np.asarray(values, float))
    if not len(x) or not np.isfinite(x).all():
        raise BakeoffError(
            f"the expected best needs finite values, one or more, got {list(values)[:5]}: leave out "
            "settings whose runs failed, and say so"
        )
    count = len(x)
    n = np.arange(1, count + 1)
    low, high = _order_statistics(x, 0.5 ** (1 / n), confidence)
    if direction == "min":
        low, high = -high, -low
    return ExpectedBest(n, sign * (_weights(count) @ x), low, high)


def _weights(count: int) -> np.ndarray:
    """C(i - 1, n - 1) / C(N, n) in row n and column i, (N, N)."""
    n, i = np.arange(1, count + 1)[:, None], np.arange(1, count + 1)
    above = np.maximum(i - n, 0)  # i - n < 0 has weight zero, below
    log_weight = (
        gammaln(i) - gammaln(n) - gammaln(above + 1)
        - (gammaln(count + 1) - gammaln(n + 1) - gammaln(count - n + 1))
    )  # fmt: skip
    return np.where(i >= n, np.exp(log_weight), 0.0)


def _order_statistics(
    x: np.ndarray, quantile: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Exact bounds for the given quantiles of the distribution that the sorted `x` were drawn from."""
    tail = (1 - confidence) / 2
    count = len(x)
    ranks = np.arange(1, count + 1)
    # X_(l) <= Q unless fewer than l of the values lie below Q; X_(u) >= Q unless u or more do.
    fewer = bdtr(ranks - 1, count, quantile[:, None])
    more = bdtrc(ranks - 1, count, quantile[:, None])
    lowest, highest = (fewer <= tail).sum(axis=1), (more > tail).sum(axis=1) + 1
    padded = np.concatenate([[np.nan], x, [np.nan]])
    return padded[lowest], padded[np.minimum(highest, count + 1)]
