"""The additive two-way model, value = candidate + replicate + noise, by least squares, with empty cells.

Candidate effects are eliminated first, so that only a system of the size of the replicates is solved.
The normal equations are sums over candidates: leaving one candidate out subtracts its term.
"""

from dataclasses import dataclass

import numpy as np

RANK_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Terms:
    """What each of K candidates adds to the normal equations of the B replicate effects."""

    matrix: np.ndarray  # (K, B, B): diag(w) - w w' / n, w marking the candidate's replicates
    right: np.ndarray  # (K, B): values less the candidate's mean
    squares: np.ndarray  # (K,): sum of squares around the candidate's mean
    counts: np.ndarray  # (K,): replicates

    def total(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, int]:
        """Sum over the candidates that the mask (K,) `chosen` marks."""
        return (
            self.matrix[chosen].sum(axis=0),
            self.right[chosen].sum(axis=0),
            float(self.squares[chosen].sum()),
            int((self.counts[chosen] - 1).sum()),
        )


@dataclass(frozen=True)
class TwoWay:
    """Least-squares fit: `means` (K,) up to a constant, `cofactor` (K, K) their covariance / variance."""

    means: np.ndarray
    cofactor: np.ndarray
    squares: float  # residual sum of squares
    df: int


def terms(values: np.ndarray) -> Terms:
    """Each candidate's terms from values (K, B) with NaN in empty cells; each row holds a value."""
    present = ~np.isnan(values)
    w = present.astype(float)
    counts = present.sum(axis=1)
    centred = np.where(present, values - np.nanmean(values, axis=1, keepdims=True), 0.0)
    matrix = -w[:, :, None] * w[:, None, :] / counts[:, None, None]
    diagonal = np.arange(values.shape[1])
    matrix[:, diagonal, diagonal] += w
    return Terms(matrix, centred, (centred**2).sum(axis=1), counts)


def residual(
    matrix: np.ndarray, right: np.ndarray, squares: np.ndarray, df: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Residual sum of squares and its degrees of freedom; leading dimensions are a batch.

    SSE = sum of squares within candidates - r' A^+ r; df = sum of (n_k - 1) - rank(A).
    """
    inverse, vectors = _spectrum(matrix)
    fitted = (inverse * np.einsum("...ij,...i->...j", vectors, right) ** 2).sum(axis=-1)
    return np.maximum(squares - fitted, 0.0), df - (inverse > 0).sum(axis=-1)


def fit(values: np.ndarray) -> TwoWay:
    """Fit values (K, B) with NaN in empty cells.

    Differences of `means` are the least-squares differences of candidates (Searle, Linear Models, 1971,
    chapter 7). With no empty cell they are the differences of the plain means, their variance is
    2 sigma^2 / n, and df = (K - 1)(n - 1). They can be estimated between candidates that a chain of shared
    replicates links (see `linked`).
    """
    each = terms(values)
    matrix, right, squares, df = each.total(np.ones(len(values), bool))
    left, rest = residual(matrix, right, np.asarray(squares), np.asarray(df))
    inverse, vectors = _spectrum(matrix)
    pseudoinverse = (vectors * inverse) @ vectors.T
    share = (~np.isnan(values)) / each.counts[:, None]
    means = np.nanmean(values, axis=1) - share @ pseudoinverse @ right
    cofactor = np.diag(1 / each.counts) + share @ pseudoinverse @ share.T
    return TwoWay(means, cofactor, float(left), int(rest))


def linked(values: np.ndarray) -> np.ndarray:
    """Number the groups (K,) of candidates that chains of shared replicates link."""
    present = ~np.isnan(values)
    group = np.full(len(values), -1)
    for start in range(len(values)):
        if group[start] >= 0:
            continue
        reached = np.zeros(len(values), bool)
        reached[start] = True
        while (grown := (present & present[reached].any(axis=0)).any(axis=1) | reached).sum() > (
            reached.sum()
        ):
            reached = grown
        group[reached] = group.max() + 1
    return group


def _spectrum(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inverted eigenvalues, zero where the matrix has no rank, and eigenvectors."""
    eigenvalues, vectors = np.linalg.eigh(matrix)
    kept = eigenvalues > RANK_TOLERANCE
    return np.where(kept, 1 / np.where(kept, eigenvalues, 1.0), 0.0), vectors
