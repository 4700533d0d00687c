"""Which candidates may be the best: Hsu's multiple comparisons with the best."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bakeoff.select.statistics.blocks import Table
from bakeoff.select.statistics.eligible import CLAIM, Reason, eligible
from bakeoff.select.statistics.many_to_one import critical_value
from bakeoff.select.statistics.pooled import Comparison, compare

Verdict = Literal["best", "may_be_best", "not_best"] | Reason
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Standing:
    """A candidate's place: `interval` holds its mean minus the best of the others' means.

    `interval` is in the metric's unit, None where nothing is claimed; a bound is None where it is open.
    """

    candidate: str
    verdict: Verdict
    interval: Bounds | None


@dataclass(frozen=True)
class BestSet:
    """The candidates that may be the best, with probability `confidence`, and how they were found.

    `members` is empty where nothing is claimed. `pool` names the candidates of the pooled two-way
    analysis, `alone` those compared by their own spread, with their variance over the pool's (None: they
    do not vary at all); `variance` and `df` are the pool's. `comparison` holds the differences between the
    candidates `compared`, in that order, signed as the metric is; None where nothing is claimed.
    """

    standings: tuple[Standing, ...]
    members: tuple[str, ...]
    confidence: float
    compared: tuple[str, ...] = ()
    pool: tuple[str, ...] = ()
    alone: dict[str, float | None] | None = None
    variance: float | None = None
    df: int = 0
    comparison: Comparison | None = None


def best_set(
    table: Table, direction: Literal["max", "min"], confidence: float, test_to_train: float
) -> BestSet:
    """Find the candidates that may be the best, and each one's distance to the best of the others.

    Candidate k leaves the set when some other j is better by more than t SE. SE is that of
    `pooled.compare`; t is the critical value of the one-sided many-to-one t for K - 1 comparisons, so
    that the truly best candidate is lost with probability 1 - confidence at most (Gupta, Technometrics 7,
    1965). The simultaneous intervals of mean_k - max_(j != k) mean_j are (Hsu, Annals of Statistics 12,
    1984; for unequal standard errors Hsu, Multiple Comparisons, 1996, chapter 4)

        upper_k = max(0, min_(j != k) (d_kj + t SE)),
        lower_k = 0 for an only member, else min(0, min_(j in set, j != k) (d_kj - t SE)).

    No leader is named beforehand: every candidate takes the place of the best in turn.

    `eligible` says who is compared; the set is that of the candidates compared, and nothing is claimed
    of the others. `test_to_train` is as in `pooled.compare`.
    """
    chosen = eligible(table)
    names = tuple(table.candidates[row] for row in chosen.rows)
    if len(names) < 2:
        return BestSet(_standings(table, chosen.reasons, {}), (), confidence)
    comparison = compare(table.values[np.ix_(chosen.rows, chosen.columns)], test_to_train)
    sign = 1 if direction == "max" else -1
    margin = _margin(comparison, confidence)
    inside = _inside(sign * comparison.mean, margin)
    low, high = _distances(sign * comparison.mean, margin, inside)
    claims = {
        row: Standing(
            name,
            _verdict(bool(inside[at]), int(inside.sum())),
            _bounds(sign * low[at], sign * high[at]),
        )
        for at, (row, name) in enumerate(zip(chosen.rows, names, strict=True))
    }
    spread = comparison.spread
    ratios = zip(names, spread.pool, spread.ratios.tolist(), strict=True)
    return BestSet(
        standings=_standings(table, chosen.reasons, claims),
        members=tuple(name for name, kept in zip(names, inside, strict=True) if kept),
        confidence=confidence,
        compared=names,
        pool=tuple(name for name, kept in zip(names, spread.pool, strict=True) if kept),
        alone={name: None if np.isnan(r) else r for name, pooled, r in ratios if not pooled},
        variance=spread.variance if spread.df else None,
        df=spread.df,
        comparison=comparison,
    )


def _margin(comparison: Comparison, confidence: float) -> np.ndarray:
    """The margin t SE of each pair (K, K); infinite below three shared replicates."""
    others = len(comparison.mean) - 1
    different, place = np.unique(comparison.df, return_inverse=True)
    critical = [
        critical_value(confidence, others, int(df), comparison.correlation)
        if df >= CLAIM - 1
        else np.inf
        for df in different
    ]
    t = np.asarray(critical)[place].reshape(comparison.df.shape)
    return t * np.nan_to_num(comparison.standard_error, nan=1.0)


def _inside(difference: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """Which candidates (K,) no other one is better than by more than the margin."""
    inside = ~(difference < -margin).any(axis=1)
    # Only empty cells can make a circle of a beats b beats c beats a: then nobody is ruled out.
    return inside if inside.any() else np.ones_like(inside)


def _distances(
    difference: np.ndarray, margin: np.ndarray, inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds (K,) and (K,) of each mean minus the best of the others, larger being better."""
    itself = np.eye(len(difference), dtype=bool)
    above = np.where(itself, np.inf, difference + margin)
    below = np.where(itself | ~inside, np.inf, difference - margin)
    low = np.minimum(0, below.min(axis=1))
    return low, np.maximum(0, above.min(axis=1))


def _verdict(inside: bool, members: int) -> Verdict:
    if not inside:
        return "not_best"
    return "best" if members == 1 else "may_be_best"


def _bounds(a: float, b: float) -> Bounds:
    low, high = (float(bound) + 0.0 if np.isfinite(bound) else None for bound in (a, b))
    return (high, low) if None not in (low, high) and low > high else (low, high)


def _standings(
    table: Table, reasons: dict[int, Reason], claims: dict[int, Standing]
) -> tuple[Standing, ...]:
    return tuple(
        claims[row] if row in claims else Standing(name, reasons[row], None)
        for row, name in enumerate(table.candidates)
    )
