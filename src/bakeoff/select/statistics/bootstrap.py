"""Intervals of numbers that are worked out from a test set, by drawing its units anew."""

import warnings
from collections.abc import Callable

import numpy as np

RESAMPLES = 2000
SEED = 0  # of the draws: the same test gives the same interval
LEAST = 10  # units, below which the draws say little
BATCH = 100  # resamples worked out at a time

Statistic = Callable[[np.ndarray], np.ndarray]


def bootstrap_intervals(
    statistic: Statistic, units: int, confidence: float
) -> list[tuple[float, float] | None]:
    """An interval of each number that `statistic` works out, None where it cannot be given.

    `statistic` maps counts (R, units), how often each unit is drawn, to numbers (M, R), so that all M are
    worked out on the same draws. The bias-corrected and accelerated bootstrap (BCa: Efron, JASA 82, 1987),
    by `scipy.stats.bootstrap`. No interval below LEAST units, and none of a number that does not vary.
    """
    from scipy import stats  # only where a test set is evaluated: it takes half a second

    if units < LEAST:
        return [None] * len(statistic(np.ones((1, units))))

    def of_indices(drawn: np.ndarray, axis: int) -> np.ndarray:
        rows = drawn.reshape(-1, drawn.shape[-1])
        offsets = units * np.arange(len(rows))[:, None]
        counts = np.bincount((rows + offsets).ravel(), minlength=units * len(rows))
        found = statistic(counts.reshape(len(rows), units).astype(float))
        return found.reshape(-1, *drawn.shape[:-1])

    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        # A number that does not vary has no interval, which is said by None below.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        found = stats.bootstrap(
            (np.arange(units),),
            of_indices,
            n_resamples=RESAMPLES,
            batch=BATCH,
            vectorized=True,
            confidence_level=confidence,
            method="BCa",
            rng=np.random.default_rng(SEED),
        )
    bounds = zip(
        found.confidence_interval.low.tolist(),
        found.confidence_interval.high.tolist(),
        found.standard_error.tolist(),
        strict=True,
    )
    return [
        (low, high) if np.isfinite([low, high]).all() and spread > 0 else None
        for low, high, spread in bounds
    ]
