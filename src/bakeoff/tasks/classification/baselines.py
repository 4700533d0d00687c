"""Classification as a baseline sees it: rows of numbers, one class each."""

from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor

from bakeoff.run.class_scores import class_scores


class Rows:
    """The pixels of each image as a row of numbers in [0, 1], other inputs as they are, and the class."""

    def examples(self, data: pl.LightningDataModule, split: str) -> tuple[np.ndarray, Tensor]:
        """Features (N, numbers of an input) and labels (N,)."""
        inputs, labels = data.splits[split][:]
        white = 255 if inputs.dtype == torch.uint8 else 1
        return inputs.flatten(1).float().div(white).numpy(), labels

    def labels(self, targets: Tensor) -> np.ndarray:
        """The classes (N,)."""
        return targets.numpy()

    def output(self, model: Any, features: np.ndarray, data: pl.LightningDataModule) -> Tensor:
        """Logits (N, classes)."""
        return class_scores(model, features, data.output_shape[0])
