"""Data sets on the device of a training."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import Dataset

from bakeoff.data.indexed import Indexed

SHARE = 0.25  # of the device's free memory that a data set may take


class DeviceData:
    """Reads data sets batch by batch: those that are `Indexed` from a copy on the device, where that fits,
    others from where they are.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._copies: dict[Indexed, Indexed | None] = {}

    def read(self, dataset: Dataset, batches: Sequence[Tensor]) -> Iterator[tuple[Any, ...]]:
        """The rows of a data set in each of `batches` of indices, which are on the processor."""
        if (found := self._copy_of(dataset)) is None:
            return map(dataset.__getitem__, batches)
        # All at once: for each copy to a device, this thread may wait for the work before it.
        indices = torch.cat(list(batches)).to(self._device)
        return map(found.__getitem__, indices.split([len(batch) for batch in batches]))

    def _copy_of(self, dataset: Dataset) -> Indexed | None:
        if self._device.type == "cpu" or not isinstance(dataset, Indexed):
            return None
        if dataset not in self._copies:
            fits = dataset.nbytes <= SHARE * free_memory(self._device)
            self._copies[dataset] = dataset.on(self._device) if fits else None
        return self._copies[dataset]


def free_memory(device: torch.device) -> int:
    """The bytes that are free on a GPU; 0 on a device of another kind."""
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else 0
