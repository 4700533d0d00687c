"""Splits that take a whole batch of indices at once: the part that all data modules share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from bakeoff.data.batches import loader
from bakeoff.errors import BakeoffError
from bakeoff.images.letterbox import Framing, letterbox

# The test data are read by the stage `test` alone.
STAGES: Mapping[str, tuple[str, ...]] = {
    "fit": ("train", "val"),
    "validate": ("val",),
    "test": ("test",),
}


class SplitData(pl.LightningDataModule):
    """Batches (inputs, targets); a subclass says how to `load` a split, and declares `input_shape` and
    `output_shape`, without the dimension of the batch.

    `seed` is that of what a subclass draws, None where it draws nothing. Raises BakeoffError where a
    value is out of its range.

    `framing` prepares an image file of any size for the net, the way the data were.
    """

    input_type = torch.float32  # of what a net is tried with
    framing: Framing = staticmethod(letterbox)  # nothing is cut off: an object may be anywhere

    def __init__(self, batch_size: int, seed: int | None = None) -> None:
        super().__init__()
        if batch_size < 1:
            raise BakeoffError(f"data.batch_size is {batch_size}: expected at least 1")
        if seed is not None and seed < 0:
            raise BakeoffError(f"data.seed is {seed}: expected a whole number, 0 or more")
        self.batch_size = batch_size
        self.splits: dict[str, Dataset] = {}

    @property
    def net_arguments(self) -> dict[str, Any]:
        """What a net is built for, by the names of its arguments."""
        return {"input_shape": self.input_shape, "output_shape": self.output_shape}

    @property
    def artifacts(self) -> dict[str, Path]:
        """Files that a run keeps beside its weights, because the weights mean nothing without."""
        return {}

    def load(self, split: str) -> Dataset:
        """The inputs and targets of `split`, one of train, val and test."""
        raise NotImplementedError

    def setup(self, stage: str) -> None:
        """Load the splits that a Lightning stage needs and that are not loaded yet."""
        for split in STAGES[stage]:
            if split not in self.splits:
                self.splits[split] = self.load(split)

    def statistics(self) -> tuple[Tensor, Tensor] | None:
        """Mean and standard deviation of the training pixels; needs `setup("fit")`. None where inputs
        are not normalized.
        """
        return pixel_statistics(self.splits["train"].tensors[0])

    def train_dataloader(self) -> DataLoader:
        """Training batches, in an order that follows the seed of the run."""
        return loader(self.splits["train"], self.batch_size, shuffle=True)

    def val_dataloader(self) -> DataLoader:
        """Validation batches, always in the same order."""
        return loader(self.splits["val"], self.batch_size)

    def test_dataloader(self) -> DataLoader:
        """Test batches, always in the same order."""
        return loader(self.splits["test"], self.batch_size)


def pixel_statistics(images: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (of the population) over all values, as float32 scalars.

    uint8 values are counted by level: exact, and without a copy in floating point.
    """
    if images.dtype != torch.uint8:
        return images.mean(), images.std(correction=0)
    count = torch.bincount(images.flatten(), minlength=256).double()
    levels = torch.arange(256, dtype=torch.float64)
    mean = (count * levels).sum() / count.sum()
    variance = (count * (levels - mean).square()).sum() / count.sum()
    return mean.float(), variance.sqrt().float()
