"""Splits held in memory as tensors: the part of a data module that every task with images shares."""

from collections.abc import Mapping

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from bakeoff.batches import Tensors, loader

# The test data are read by the stage `test` alone.
STAGES: Mapping[str, tuple[str, ...]] = {
    "fit": ("train", "val"),
    "validate": ("val",),
    "test": ("test",),
}


class SplitData(pl.LightningDataModule):
    """Batches (inputs, targets) of splits that fit in memory; a subclass says how to `load` one."""

    def __init__(self, batch_size: int) -> None:
        super().__init__()
        self.batch_size = batch_size
        self.splits: dict[str, Tensors] = {}

    def load(self, split: str) -> Tensors:
        """The inputs and targets of `split`, one of train, val and test."""
        raise NotImplementedError

    def setup(self, stage: str) -> None:
        """Load the splits that a Lightning stage needs and that are not loaded yet."""
        for split in STAGES[stage]:
            if split not in self.splits:
                self.splits[split] = self.load(split)

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of the training pixels; needs `setup("fit")`."""
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
