"""All differences between candidates: by the pooled two-way analysis, and by pairs where it fails."""

from dataclasses import dataclass

import numpy as np

from bakeoff.select.statistics.difference import Difference, student_difference
from bakeoff.select.statistics.spread import Spread, compatible
from bakeoff.select.statistics.two_way import fit, linked

GRID = 20  # correlations are rounded down to steps of 1 / GRID, so that critical values are cached


@dataclass(frozen=True)
class Comparison:
    """Differences of K candidates' means: [i, j] holds i - j.

    `pooled` [i, j] tells the analysis: True the pooled two-way analysis, False the pair's own paired
    differences. `shared` counts the replicates both have. `standard_error` is NaN and `df` 0 where a pair
    cannot be compared. `correlation` is the least one between two differences from a common candidate:
    1/2 where no cell is empty. `test_to_train` is as in `compare`.
    """

    mean: np.ndarray
    standard_error: np.ndarray
    df: np.ndarray
    pooled: np.ndarray
    shared: np.ndarray
    spread: Spread
    correlation: float
    test_to_train: float

    def difference(self, i: int, j: int, confidence: float) -> Difference | None:
        """The difference i - j with its interval and p; None where the pair cannot be compared."""
        if not self.df[i, j]:
            return None
        return student_difference(
            float(self.mean[i, j]),
            float(self.standard_error[i, j]),
            float(self.df[i, j]),
            int(self.shared[i, j]),
            confidence,
            "pooled" if self.pooled[i, j] else "resampled" if self.test_to_train else "paired",
        )


def compare(values: np.ndarray, test_to_train: float) -> Comparison:
    """Compare candidates by values (K, B), NaN in empty cells; each candidate has a value.

    Candidates of compatible spread (see `spread.compatible`) share the residual variance MSE of the
    two-way model candidate + replicate: SE = sqrt(2 MSE / n), df = (K - 1)(n - 1) where no cell is empty
    (Scheffe, The Analysis of Variance, 1959, chapter 4). A candidate outside the pool is compared alone,
    by its paired differences: SE = s_d / sqrt(n), df = n - 1, s_d^2 not below the pool's MSE.

    Replicates that only one candidate has say nothing about differences and do not count. `test_to_train`
    is 0 for seeds on one split; for folds or repeated splits it is n_test / n_train, which Nadeau and
    Bengio (2003) add to each mean's 1 / n, because their training sets overlap.
    """
    spread = compatible(values)
    pooled = spread.pool[:, None] & spread.pool & (spread.df > 0)
    pooled[np.ix_(spread.pool, spread.pool)] &= _linked_pairs(values[spread.pool])
    present = (~np.isnan(values)).astype(float)
    shared = (present @ present.T).astype(int)
    mean, variance = _by_pairs(values, shared)
    variance = np.fmax(variance, spread.variance) * _over(shared, test_to_train)
    df = np.maximum(shared - 1, 0)
    if spread.df:
        means, cofactor = _pool_fit(values, spread.pool)
        mean = np.where(pooled, means[:, None] - means, mean)
        over = _between(cofactor) + 2 * test_to_train
        variance = np.where(pooled, spread.variance * over, variance)
        df = np.where(pooled, spread.df, df)
    np.fill_diagonal(df, 0)
    return Comparison(
        mean,
        np.where(df > 0, np.sqrt(variance), np.nan),
        df,
        pooled,
        shared,
        spread,
        _least_correlation(values, test_to_train),
        test_to_train,
    )


def _pool_fit(values: np.ndarray, pool: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means (K,) and cofactor (K, K) of the pool's two-way fit, zero for candidates outside."""
    found = fit(values[pool])
    means, cofactor = np.zeros(len(values)), np.zeros((len(values), len(values)))
    means[pool], cofactor[np.ix_(pool, pool)] = found.means, found.cofactor
    return means, cofactor


def _linked_pairs(values: np.ndarray) -> np.ndarray:
    """Which pairs (K, K) a chain of shared replicates links: only those differences can be estimated."""
    group = linked(values)
    return group[:, None] == group


def _by_pairs(values: np.ndarray, shared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (K, K) and variance (K, K) of paired differences; NaN below two shared replicates."""
    differences = values[:, None, :] - values[None, :, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(differences, axis=2) / shared
        squares = np.nansum((differences - mean[:, :, None]) ** 2, axis=2)
        return mean, np.where(shared > 1, squares / np.maximum(shared - 1, 1), np.nan)


def _over(shared: np.ndarray, test_to_train: float) -> np.ndarray:
    """The factor from the variance of one paired difference to that of their mean."""
    return 1 / np.maximum(shared, 1) + test_to_train


def _between(cofactor: np.ndarray) -> np.ndarray:
    """Variance of each difference of two means, over sigma^2, from the means' covariance over sigma^2."""
    own = np.diag(cofactor)
    return np.maximum(own[:, None] + own - 2 * cofactor, 0.0)


def _least_correlation(values: np.ndarray, test_to_train: float) -> float:
    """The least correlation of two differences from one candidate, rounded down, within 0 and 1/2.

    By Slepian's inequality a critical value for a lower correlation is never too small.
    """
    least = 0.5
    if not np.isnan(values).any():
        return least
    between = _between(fit(values).cofactor + test_to_train * np.eye(len(values)))
    for k in range(len(between)):
        others = np.arange(len(between)) != k
        from_k = between[k, others]
        # Cov(i - k, j - k) = (V_ik + V_jk - V_ij) / 2, V the variance of a difference.
        covariance = (from_k[:, None] + from_k - between[np.ix_(others, others)]) / 2
        scale = np.sqrt(from_k[:, None] * from_k)
        if scale.size > 1 and scale.min() > 0:
            least = min(least, float((covariance / scale).min()))
    return max(0.0, float(np.floor(least * GRID + 1e-6)) / GRID)
