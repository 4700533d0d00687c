"""What a net that predicts words must beat, and how such a baseline sees a text."""

from typing import Any

import numpy as np
import pytorch_lightning as pl
from torch import Tensor

from bakeoff.run.class_scores import class_scores
from bakeoff.text.kneser_ney import KneserNey


class Rows:
    """The context of each target as a row of ids, the words before it and then those after it."""

    def examples(self, data: pl.LightningDataModule, split: str) -> tuple[np.ndarray, Tensor]:
        """Contexts (N, before + after) and targets (N,)."""
        contexts, targets = data.splits[split][:]
        return contexts.numpy(), targets

    def labels(self, targets: Tensor) -> np.ndarray:
        """The targets (N,), words or classes."""
        return targets.numpy()

    def output(self, model: Any, features: np.ndarray, data: pl.LightningDataModule) -> Tensor:
        """The logarithms of the probabilities, (N, words or classes)."""
        return class_scores(model, features, data.output_shape[-1])


class NGram(KneserNey):
    """The interpolated Kneser-Ney n-gram of the nearest `order - 1` words of a context, which has `before`
    words before the target and `after` words after it.

    `around` takes the words of both sides by their distance, those before first; otherwise only the words
    before the target count. An n-gram of order 1, the unigram, takes none.
    """

    def __init__(
        self, order: int, before: int, after: int, around: bool, output_shape: tuple[int, ...]
    ) -> None:
        super().__init__(order, output_shape[-1])
        self.columns = nearest(before, after if around else 0)

    def fit(self, contexts: np.ndarray, targets: np.ndarray) -> "NGram":
        """Count; contexts as of `Rows`."""
        super().fit(contexts[:, self.columns], targets)
        return self

    def predict_proba(self, contexts: np.ndarray) -> np.ndarray:
        """Probabilities (N, words or classes); contexts as of `Rows`."""
        return super().predict_proba(contexts[:, self.columns])


def nearest(before: int, after: int) -> list[int]:
    """The columns of a context by their distance from the target, the nearest last."""
    distance = [*range(before, 0, -1), *range(1, after + 1)]
    side = [0] * before + [1] * after
    return sorted(range(before + after), key=lambda at: (-distance[at], -side[at]))
