"""Data sets on the device of a training."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import Dataset

from bakeoff.data.batches import Tensors
from bakeoff.text.windows import Windows

INDEXED = (Tensors, Windows)  # data sets that consist of tensors, read by index operations alone
SHARE = 0.25  # of the device's free memory that a data set may take


class DeviceData:
    """Reads data sets batch by batch: those of tensors from the device, to which they are copied once where
    they fit, others from where they are.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._copies: dict[Dataset, Dataset | None] = {}

    def read(self, dataset: Dataset, batches: Sequence[Tensor]) -> Iterator[tuple[Any, ...]]:
        """The rows of a data set in each of `batches` of indices, which are on the processor."""
        if (found := self._copy_of(dataset)) is None:
            return map(dataset.__getitem__, batches)
        # All at once: for each copy to a device, this thread may wait for the work before it.
        indices = torch.cat(list(batches)).to(self._device)
        return map(found.__getitem__, indices.split([len(batch) for batch in batches]))

    def _copy_of(self, dataset: Dataset) -> Dataset | None:
        if self._device.type == "cpu" or type(dataset) not in INDEXED:
            return None
        if dataset not in self._copies:
            fits = _size(dataset) <= SHARE * free_memory(self._device)
            self._copies[dataset] = _moved(dataset, self._device) if fits else None
        return self._copies[dataset]


def free_memory(device: torch.device) -> int:
    """The bytes that are free on a GPU; 0 on a device of another kind."""
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else 0


def _size(dataset: Dataset) -> int:
    return sum(tensor.nbytes for tensors in _tensors(dataset).values() for tensor in tensors)


def _moved(dataset: Dataset, device: torch.device) -> Dataset:
    moved = copy.copy(dataset)
    for name, tensors in _tensors(dataset).items():
        there = tuple(tensor.to(device) for tensor in tensors)
        setattr(moved, name, there if isinstance(getattr(dataset, name), tuple) else there[0])
    return moved


def _tensors(dataset: Dataset) -> dict[str, tuple[Tensor, ...]]:
    """The tensors of a data set by the name of the attribute."""
    found = {
        name: value if isinstance(value, tuple) else (value,)
        for name, value in vars(dataset).items()
    }
    return {
        name: value for name, value in found.items() if all(isinstance(t, Tensor) for t in value)
    }
