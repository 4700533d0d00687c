"""The samples of a DataLoader of the user's own, by number and by content."""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from PIL import Image
from pytorch_lightning.utilities.seed import isolate_rng
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset

Key = int | str
CHUNK = 256  # samples in memory at a time


@contextmanager
def fixed_draws(seed: int) -> Iterator[None]:
    """Let everything inside draw from `seed`, and everything after it as if nothing had been drawn.

    On the processor: the generators of a GPU stay as they are, and untouched where none was used yet.
    """
    with isolate_rng(include_cuda=False):
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        torch.default_generator.manual_seed(seed)
        yield


class Picked:
    """A collate function that takes the parts `keys` of each batch that `collate` makes."""

    def __init__(self, collate: Callable[[list[Any]], Any], keys: tuple[Key, Key]) -> None:
        self.collate = collate
        self.keys = keys

    def __call__(self, samples: list[Any]) -> tuple[Any, Any]:
        """(inputs, targets) of a batch."""
        batch = self.collate(samples)
        return batch[self.keys[0]], batch[self.keys[1]]


class Samples(Dataset):
    """The batches of a DataLoader, by any samples: an item at a slice, a list or a tensor of indices is the
    batch of these, at a single index the sample alone.
    """

    def __init__(self, loader: DataLoader) -> None:
        self.dataset = loader.dataset
        self.collate = loader.collate_fn

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int | slice | list[int] | Tensor) -> Any:
        if isinstance(index, slice):
            index = range(len(self))[index]
        elif isinstance(index, Tensor):
            index = index.tolist()
        if isinstance(index, int):
            first, second = self.collate([self.dataset[index]])
            return first[0], second[0]
        return self.collate([self.dataset[i] for i in index])

    def targets(self) -> Iterator[Tensor]:
        """The targets of all samples, some at a time."""
        for rows in torch.arange(len(self)).split(CHUNK):
            yield self[rows][1]


def loader_mistake(loader: Any, split: str) -> str | None:
    """Why the samples of what a data module gave for a split cannot be told; None where they can."""
    if isinstance(loader, list | tuple):
        return f"gives {len(loader)} loaders: expected one"
    if not isinstance(loader, DataLoader):
        return f"gives a {type(loader).__name__}: expected a DataLoader of torch"
    if isinstance(loader.dataset, IterableDataset):
        return (
            "reads an IterableDataset: expected a data set with a length and samples by number, which can "
            "be told from others"
        )
    if loader.batch_size is None:
        return "has no batch_size: expected a DataLoader that makes batches of single samples"
    count = len(loader.dataset)
    if count == 0:
        return "has no samples"
    if split != "train" and loader.drop_last and count % loader.batch_size:
        return (
            f"drops the last {count % loader.batch_size} of {count} samples: expected drop_last=False: "
            "all of them count"
        )
    return None


def spread(count: int, most: int) -> list[int]:
    """At most `most` indices below `count`, the first and the last among them."""
    return sorted({*torch.linspace(0, count - 1, min(count, most)).long().tolist()})


def content_digest(items: Iterable[Any]) -> str:
    """SHA-256 of tensors, arrays, pictures, numbers and texts, in any nest of lists and dictionaries."""
    content = hashlib.sha256()
    for item in items:
        for part in _bytes(item):
            content.update(len(part).to_bytes(8, "big") + part)
    return content.hexdigest()


def _bytes(item: Any) -> Iterator[bytes]:
    if isinstance(item, Tensor):
        item = item.detach().cpu()
        item = item.float().numpy() if item.dtype is torch.bfloat16 else item.numpy()
    if isinstance(item, Image.Image):
        item = np.asarray(item)
    if isinstance(item, np.ndarray):
        yield f"{item.dtype} {item.shape}".encode()
        yield np.ascontiguousarray(item).tobytes()
    elif isinstance(item, Mapping):
        for name in sorted(item, key=str):
            yield str(name).encode()
            yield from _bytes(item[name])
    elif isinstance(item, list | tuple):
        yield f"{len(item)} parts".encode()
        for part in item:
            yield from _bytes(part)
    else:
        yield repr(item).encode()
