"""Data sets that can be read on any device."""

import copy
from typing import Self

import torch
from torch import Tensor
from torch.utils.data import Dataset


class Indexed(Dataset):
    """A data set that consists of the tensors, and tuples of tensors, among its attributes, and whose items
    are read by index operations alone.
    """

    @property
    def nbytes(self) -> int:
        """The size of all tensors."""
        return sum(tensor.nbytes for tensors in _of(self).values() for tensor in tensors)

    def on(self, device: torch.device) -> Self:
        """The same data set on a device, which takes indices there."""
        moved = copy.copy(self)
        for name, tensors in _of(self).items():
            there = tuple(tensor.to(device) for tensor in tensors)
            setattr(moved, name, there if isinstance(getattr(self, name), tuple) else there[0])
        return moved


def _of(dataset: Dataset) -> dict[str, tuple[Tensor, ...]]:
    """The tensors by the name of the attribute."""
    found = {
        name: value if isinstance(value, tuple) else (value,)
        for name, value in vars(dataset).items()
    }
    return {name: own for name, own in found.items() if all(isinstance(t, Tensor) for t in own)}
