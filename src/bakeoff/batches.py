"""Whole batches by one index operation: no per-sample Python between the data and the net."""

from collections.abc import Sequence

from torch import Tensor
from torch.utils.data import DataLoader, Dataset


class Tensors(Dataset):
    """Tensors with the same first dimension; an item is a tuple of one row of each."""

    def __init__(self, *tensors: Tensor) -> None:
        self.tensors = tensors

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __getitems__(self, indices: Sequence[int]) -> tuple[Tensor, ...]:
        """A batch: `DataLoader` calls this, where it exists, with all indices of a batch."""
        return tuple(tensor[indices] for tensor in self.tensors)


def loader(dataset: Dataset, batch_size: int, shuffle: bool = False) -> DataLoader:
    """Batches of a dataset that has `__getitems__`; the order follows torch's seed."""
    return DataLoader(dataset, batch_size, shuffle, collate_fn=_identity)


def _identity(batch: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return batch
