"""Whose spread over replicates fits the others' so that one variance can be pooled."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from bakeoff.select.statistics.two_way import Terms, residual, terms

LEVEL = 0.025  # of the F test of one candidate's variance against the others'
LEAST_RATIO, MOST_RATIO = 4.2, 5.0  # bounds of its critical ratio, see `critical_ratio`
COUNTS_AS = 5.5  # a leaver's variance over the pool's, as it counts in the pool, see `Spread`
CONSTANT = 1e-12  # relative range below which values do not vary


@dataclass(frozen=True)
class Spread:
    """Which of K candidates share a variance.

    `pool` (K,) marks them; `constant` (K,) marks those without any spread, as a deterministic baseline;
    `ratios` (K,) hold a leaver's variance over the pool's, NaN for the others. `variance` with `df`
    degrees is the pool's, NaN with 0 below two members.

    A leaver still counts in `variance`, with COUNTS_AS times that of the others (winsorized, not trimmed):
    candidates of ordinary variance leave by chance too, and without them the pool's would be biased
    down. Simulated with `benchmarks/evidence.py`.
    """

    pool: np.ndarray
    constant: np.ndarray
    ratios: np.ndarray
    variance: float
    df: int


def compatible(values: np.ndarray) -> Spread:
    """Check values (K, B), NaN in empty cells, for candidates with a far larger variance than the rest.

    Candidate k's variance over the two-way residual variance of the others,
    F_k = [(SSE - SSE_without_k) / (df - df_without_k)] / [SSE_without_k / df_without_k],
    is F-distributed where all variances are equal, whatever the replicates share (Russell and Bradley,
    Biometrika 45, 1958). It stays sensitive where one candidate is wild, because that one is not in the
    denominator. To see several wild ones behind each other, the most extreme candidate is set aside
    up to (K - 1) / 2 times, and all those up to the last one above the critical ratio leave (Rosner's
    procedure, Technometrics 25, 1983). Two candidates need no check: their paired difference holds for
    any variances.
    """
    each = terms(values)
    size = np.nanmax(np.abs(values), axis=1)
    constant = np.nanmax(values, axis=1) - np.nanmin(values, axis=1) <= CONSTANT * size
    inside = ~constant
    removed: list[int] = []
    leaving = 0
    levels = None
    for _ in range((int(inside.sum()) - 1) // 2):
        ratios, df, df_others = _ratios(each, inside)
        if levels is None:
            levels = special.fdtrc(df, df_others, critical_ratio(df, df_others))
        limits = _upper_quantile(levels, df, df_others)
        most = int(np.argmax(ratios / limits))
        removed.append(most)
        inside[most] = False
        if ratios[most] > limits[most]:
            leaving = len(removed)
    inside[removed[leaving:]] = True
    leavers = removed[:leaving]
    variance, df = _pooled(each, inside)
    ratios = np.full(len(values), np.nan)
    for candidate in leavers:
        with_it = inside.copy()
        with_it[candidate] = True
        ratios[candidate] = _ratios(each, with_it)[0][candidate]
    extra = int((each.counts[leavers] - 1).sum())
    if df:
        variance *= (df + extra * COUNTS_AS) / (df + extra)
    return Spread(inside, constant, ratios, variance, df + extra if df else 0)


def critical_ratio(df: np.ndarray, df_others: np.ndarray) -> np.ndarray:
    """The variance ratio above which a candidate leaves: the F test's at LEVEL, held within bounds.

    What harms the pool is a spread above twice the others', a ratio above about 5. The plain test sees
    only a ratio of 10 where four candidates have three replicates each, and throws out harmless ratios of
    2.5 where there are ten replicates; hence the bounds. The level that the bounded ratio has among all
    candidates is kept while candidates are set aside.
    """
    return np.clip(special.fdtri(df, df_others, 1 - LEVEL), LEAST_RATIO, MOST_RATIO)


def _upper_quantile(levels: np.ndarray, df: np.ndarray, df_others: np.ndarray) -> np.ndarray:
    """The F that is exceeded with probability `levels`, also where 1 - levels rounds to 1."""
    return 1 / special.fdtri(df_others, df, np.maximum(levels, np.finfo(float).tiny))


def _pooled(each: Terms, chosen: np.ndarray) -> tuple[float, int]:
    matrix, right, squares, df = each.total(chosen)
    left, rest = residual(matrix, right, np.asarray(squares), np.asarray(df))
    return (float(left / rest), int(rest)) if rest > 0 else (float("nan"), 0)


def _ratios(each: Terms, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """F_k (K,) with its degrees (K,) and (K,); 0 with 1 and 1 for candidates that cannot be tested."""
    matrix, right, squares, df = each.total(inside)
    with_all, df_all = residual(matrix, right, np.asarray(squares), np.asarray(df))
    without, df_without = residual(
        matrix - each.matrix, right - each.right, squares - each.squares, df - (each.counts - 1)
    )
    own_df = df_all - df_without
    tested = inside & (df_without > 0) & (own_df > 0)
    own_df, df_without = np.where(tested, own_df, 1), np.where(tested, df_without, 1)
    own = np.maximum(with_all - without, 0) / own_df
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.nan_to_num(own / (without / df_without), nan=0.0, posinf=np.finfo(float).max)
    return np.where(tested, ratios, 0.0), own_df, df_without
