"""The critical value for one mean compared with many: the one-sided many-to-one t (Dunnett)."""

from functools import lru_cache

import numpy as np
from scipy import optimize, special

from bakeoff.select.statistics.student import quantile

NODES_S, NODES_Z = 128, 96  # enough for five digits, from 2 degrees of freedom on


def probability(t: float, comparisons: int, df: float, correlation: float) -> float:
    """P(T_1 <= t, ..., T_m <= t) for equicorrelated Student t variables with a common denominator.

    T_j = (sqrt(rho) Z_0 + sqrt(1 - rho) Z_j) / S with S^2 = chi2_df / df. Given S and Z_0 the events are
    independent, so that P = E[ Phi((t S + sqrt(rho) Z) / sqrt(1 - rho))^m ] (Dunnett, JASA 50, 1955;
    Gupta, Technometrics 7, 1965), here by Gauss-Legendre over the distribution of S and Gauss-Hermite
    over Z. Differences from one common mean have rho = 1/2 where all means have equally many replicates.
    """
    s, weight_s = _scale_nodes(df)
    z, weight_z = _normal_nodes()
    inner = special.ndtr((t * s[:, None] + np.sqrt(correlation) * z) / np.sqrt(1 - correlation))
    return float(weight_s @ inner**comparisons @ weight_z)


@lru_cache(maxsize=4096)
def critical_value(confidence: float, comparisons: int, df: float, correlation: float) -> float:
    """The t that all `comparisons` stay below with probability `confidence`."""
    if comparisons == 1:
        return quantile(confidence, df)
    # Bonferroni's value is an upper bound, a single comparison's value a lower one.
    low = quantile(confidence, df)
    high = -quantile((1 - confidence) / comparisons, df) * 1.01
    return float(
        optimize.brentq(
            lambda t: probability(t, comparisons, df, correlation) - confidence, low, high
        )
    )


@lru_cache(maxsize=256)
def _scale_nodes(df: float) -> tuple[np.ndarray, np.ndarray]:
    x, weight = _uniform_nodes()
    # u^2 instead of u gathers nodes where S is near zero, which heavy tails come from.
    u = (x + 1) / 2
    chi2 = 2 * special.gammaincinv(df / 2, u**2)
    return np.sqrt(chi2 / df), weight * u


@lru_cache(maxsize=1)
def _uniform_nodes() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(NODES_S)


@lru_cache(maxsize=1)
def _normal_nodes() -> tuple[np.ndarray, np.ndarray]:
    z, weight = np.polynomial.hermite_e.hermegauss(NODES_Z)
    return z, weight / weight.sum()
