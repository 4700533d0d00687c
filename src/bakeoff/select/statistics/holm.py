"""Holm's step-down correction of p values, and all paired differences of finalists corrected by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bakeoff.select.statistics.blocks import Table
from bakeoff.select.statistics.difference import Difference
from bakeoff.select.statistics.paired import paired_difference
from bakeoff.select.statistics.resampled import resampled_difference


@dataclass(frozen=True)
class Pair:
    """Two finalists, their difference a - b, and its p after Holm's correction."""

    a: str
    b: str
    difference: Difference
    adjusted_p: float


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p values so that all those below alpha together are wrong with probability alpha at most.

    In rising order, p_(i) becomes max over j <= i of min(1, (m - j + 1) p_(j)) (Holm, Scandinavian
    Journal of Statistics 6, 1979). The order of the input is kept.
    """
    p = np.asarray(p_values, float)
    order = np.argsort(p, kind="stable")
    scaled = np.minimum(1, p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(scaled)
    return adjusted.tolist()


def finalist_pairs(table: Table, confidence: float, test_to_train: float) -> list[Pair]:
    """Compare every two finalists on their fresh seeds; pairs that share fewer than two are left out.

    The intervals are of the single pairs; only `adjusted_p` is corrected for the number of pairs. For folds
    `test_to_train` is n_test / n_train (see `resampled`), for seeds on one split 0.
    """
    rows = dict(zip(table.candidates, table.values, strict=True))
    compared = [
        (a, b, _difference(rows[a], rows[b], confidence, test_to_train))
        for a, b in combinations(table.candidates, 2)
    ]
    found = [(a, b, difference) for a, b, difference in compared if difference is not None]
    adjusted = holm([difference.p for _, _, difference in found])
    return [Pair(*pair, p) for pair, p in zip(found, adjusted, strict=True)]


def _difference(
    a: np.ndarray, b: np.ndarray, confidence: float, test_to_train: float
) -> Difference | None:
    if not test_to_train:
        return paired_difference(a, b, confidence)
    differences = a - b
    return resampled_difference(differences[~np.isnan(differences)], test_to_train, confidence)
