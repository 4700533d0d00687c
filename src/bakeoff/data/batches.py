"""Whole batches by one index operation: no per-sample Python between the data and the net."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from bakeoff.data.indexed import Indexed

Index = int | slice | Tensor


class Tensors(Indexed):
    """Tensors with the same first dimension; an item is a tuple of rows of each: those at a tensor of
    indices, a slice, or a single one.
    """

    def __init__(self, *tensors: Tensor) -> None:
        self.tensors = tensors

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index: Index) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)


class Batches(Sampler[Tensor]):
    """Indices below `count` as tensors of `batch_size`, in order or, with `shuffle`, in another order
    each time, drawn as torch's own RandomSampler draws it: by torch's seed. `order` is the last one drawn.
    """

    def __init__(self, count: int, batch_size: int, shuffle: bool) -> None:
        self.count = count
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.order = torch.arange(count)

    def __len__(self) -> int:
        return -(-self.count // self.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        if self.shuffle:
            seed = int(torch.empty((), dtype=torch.int64).random_())
            self.order = torch.randperm(self.count, generator=torch.Generator().manual_seed(seed))
        yield from self.order.split(self.batch_size)


class WholeBatches(DataLoader):
    """Batches of a dataset that takes a tensor of indices at once, in this process: a DataLoader without
    what it does for single samples and worker processes.
    """

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        # The seed of workers, which a DataLoader draws.
        torch.empty((), dtype=torch.int64).random_()
        return map(self.dataset.__getitem__, self.sampler)


def loader(dataset: Dataset, batch_size: int, shuffle: bool = False) -> WholeBatches:
    """Batches of a dataset that takes a tensor of indices at once."""
    return WholeBatches(dataset, None, sampler=Batches(len(dataset), batch_size, shuffle))
