"""Splits that take a whole batch of indices at once: the part that all data modules share."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from bakeoff.data.batches import loader
from bakeoff.data.normalization import value_statistics
from bakeoff.errors import BakeoffError

# The test data are read by the stage `test` alone.
STAGES: Mapping[str, tuple[str, ...]] = {
    "fit": ("train", "val"),
    "validate": ("val",),
    "test": ("test",),
}


@dataclass(frozen=True)
class Units:
    """What is drawn anew for an interval: the unit (N,) int64 of each of N examples, and in words what
    the units are, such as images. Examples of one unit are not independent of each other.
    """

    of_example: Tensor
    name: str


class SplitData(pl.LightningDataModule):
    """Batches (inputs, targets); a subclass says how to `load` a split, and declares `input_shape` and
    `output_shape`, without the dimension of the batch.

    `seed` is that of what a subclass draws, None where it draws nothing. Raises BakeoffError where a
    value is out of its range.
    """

    inputs = "numbers"  # what a net gets, in the words of an error message
    unit = "examples"  # each of which is independent of the others
    input_type = torch.float32  # of the zeros that a new net is tried with
    shuffled = (
        True  # False: training batches come in the order of the data, the same in every epoch
    )

    def __init__(self, batch_size: int, seed: int | None = None) -> None:
        super().__init__()
        if batch_size < 1:
            raise BakeoffError(f"data.batch_size is {batch_size}: expected at least 1")
        if seed is not None and seed < 0:
            raise BakeoffError(f"data.seed is {seed}: expected a whole number, 0 or more")
        self.batch_size = batch_size
        self.splits: dict[str, Dataset] = {}

    @property
    def built_for(self) -> dict[str, Any]:
        """What a net must know of the data, by the names of its arguments: plain values, which the run's
        record keeps, so that the net can be built again without the data.
        """
        return {"input_shape": self.input_shape, "output_shape": self.output_shape}

    def net_arguments(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """`built_for`, and the objects that stand for some of the model's `settings`."""
        return self.built_for

    @property
    def artifacts(self) -> dict[str, Path]:
        """Files that a run keeps beside its weights, because the weights mean nothing without."""
        return {}

    @property
    def test_fingerprint(self) -> str:
        """SHA-256 of the test data, by which the ledgers of several sweeps know that they opened the same;
        needs `setup("test")`.
        """
        content = hashlib.sha256()
        for batch in self.test_dataloader():
            for part in batch:
                content.update(part.numpy())
        return content.hexdigest()

    def load(self, split: str) -> Dataset:
        """The inputs and targets of `split`, one of train, val and test."""
        raise NotImplementedError

    def setup(self, stage: str) -> None:
        """Load the splits that a Lightning stage needs and that are not loaded yet."""
        for split in STAGES[stage]:
            if split not in self.splits:
                self.splits[split] = self.load(split)

    def units(self, split: str) -> Units:
        """What is independent in a split that is set up: each example."""
        return Units(torch.arange(len(self.splits[split])), self.unit)

    def statistics(self) -> tuple[Tensor, Tensor] | None:
        """Mean and standard deviation of the training inputs; needs `setup("fit")`. None where inputs
        are not normalized.
        """
        return value_statistics(self.splits["train"].tensors[0])

    def transfer_batch_to_device(
        self, batch: Any, device: torch.device, dataloader_idx: int
    ) -> Any:
        """`batch` on the device, without a search through it where it is there: data are on the CPU."""
        if device.type == "cpu":
            return batch
        return super().transfer_batch_to_device(batch, device, dataloader_idx)

    def train_dataloader(self) -> DataLoader:
        """Training batches, in an order that follows the seed of the run."""
        return loader(self.splits["train"], self.batch_size, shuffle=self.shuffled)

    def val_dataloader(self) -> DataLoader:
        """Validation batches, always in the same order."""
        return loader(self.splits["val"], self.batch_size)

    def test_dataloader(self) -> DataLoader:
        """Test batches, always in the same order."""
        return loader(self.splits["test"], self.batch_size)
