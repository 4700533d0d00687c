"""Splits held in memory as tensors: the part of a data module that every task with images shares."""

from collections.abc import Mapping

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from bakeoff.batches import Tensors, loader
from bakeoff.errors import BakeoffError
from bakeoff.letterbox import Framing, letterbox

# The test data are read by the stage `test` alone.
STAGES: Mapping[str, tuple[str, ...]] = {
    "fit": ("train", "val"),
    "validate": ("val",),
    "test": ("test",),
}


class SplitData(pl.LightningDataModule):
    """Batches (inputs, targets) of splits that fit in memory; a subclass says how to `load` one.

    `seed` is that of what a subclass draws, None where it draws nothing. Raises BakeoffError where a
    value is out of its range.

    `framing` prepares an image file of any size for the net, the way the data were.
    """

    framing: Framing = staticmethod(letterbox)  # nothing is cut off: an object may be anywhere

    def __init__(self, batch_size: int, seed: int | None = None) -> None:
        super().__init__()
        if batch_size < 1:
            raise BakeoffError(f"data.batch_size is {batch_size}: expected at least 1")
        if seed is not None and seed < 0:
            raise BakeoffError(f"data.seed is {seed}: expected a whole number, 0 or more")
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
