"""The loaders of a LightningDataModule of the user's own, and its errors with their place."""

from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.utilities.model_helpers import is_overridden
from torch.utils.data import DataLoader

from bakeoff.data.samples import Key, Picked, loader_mistake
from bakeoff.errors import BakeoffError

WHY = {
    "train": "a training reads its batches",
    "val": "candidates are selected by it",
    "test": "the selected one is tested with it, once",
}


class UserModule:
    """The data module `module`. `keys` are the places or names of inputs and targets in its batches, None
    where a batch is (inputs, targets).

    Raises BakeoffError that names all loaders which the module lacks.
    """

    def __init__(self, module: pl.LightningDataModule, keys: tuple[Key, Key] | None) -> None:
        self.module = module
        self.keys = keys
        self.name = f"{type(module).__module__}.{type(module).__qualname__}"
        if lacking := [
            f"{split}_dataloader: {why}"
            for split, why in WHY.items()
            if not is_overridden(f"{split}_dataloader", module)
        ]:
            raise self.error(f" lacks {'; '.join(lacking)}")

    def call(self, method: str, *arguments: Any) -> Any:
        """What a method of the module gives. Raises BakeoffError where it raises anything."""
        try:
            return getattr(self.module, method)(*arguments)
        except BakeoffError:
            raise
        except Exception as error:  # a user's module can raise anything
            raise self.error(f".{method} raised {first_line(error)}") from error

    def loader(self, split: str) -> DataLoader:
        """The module's loader of a split. Raises BakeoffError where its samples cannot be told."""
        loader = self.call(f"{split}_dataloader")
        if mistake := loader_mistake(loader, split):
            raise self.error(f".{split}_dataloader {mistake}")
        if self.keys and not isinstance(loader.collate_fn, Picked):
            loader.collate_fn = Picked(loader.collate_fn, self.keys)
        return loader

    def error(self, said: str) -> BakeoffError:
        """An error that begins with the module's name."""
        return BakeoffError(f"data: {self.name}{said}")


def first_line(error: Exception) -> str:
    """The type and the first line of an error."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
