"""The user's own images and labels, in files of MNIST's format."""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bakeoff.errors import BakeoffError
from bakeoff.images.digits import read_idx, read_labelled
from bakeoff.images.idx_folder import TEST, TRAIN, IdxFolder, idx_files, the_files
from bakeoff.tasks.classification.data import ClassificationData
from bakeoff.tasks.classification.images import Collection, Images


class IdxData(ClassificationData):
    """The images in `folder`: `ClassificationData` with an `IdxCollection` as its source."""

    files = staticmethod(IdxFolder.files)

    def __init__(self, folder: str, **settings: Any) -> None:
        super().__init__(source=IdxCollection(folder), **settings)


class IdxCollection:
    """The grey images of the IDX files in `folder`, with their own test images where there are such.

    The classes are the labels that occur in the training files, in ascending order. Raises BakeoffError.
    """

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder).expanduser()
        has_test = any(name in idx_files(self.folder) for name in TEST)
        self.paths = the_files(self.folder, TRAIN + TEST if has_test else TRAIN)

    @cached_property
    def shape(self) -> tuple[int, int, int]:
        """Of an image: one channel, height, width."""
        return (1, *read_idx(self.paths[0], dimensions=3).shape[1:])

    @cached_property
    def labels(self) -> np.ndarray:
        """The distinct labels, ascending."""
        return np.unique(read_idx(self.paths[1], dimensions=1))

    def names(self) -> tuple[str, ...]:
        """The labels as text."""
        return tuple(map(str, self.labels))

    def load(self) -> Collection:
        """All images. Raises BakeoffError."""
        train = self._images(*self.paths[:2])
        test = self._images(*self.paths[2:]) if len(self.paths) > 2 else None
        return Collection(self.names(), train=train, test=test)

    def _images(self, images: Path, labels: Path) -> Images:
        found = read_labelled(images, labels)
        if found.images.shape[1:] != self.shape[1:]:
            raise BakeoffError(
                f"{images} holds images of {_size(found.images.shape[1:])} pixels, {self.paths[0].name} of "
                f"{_size(self.shape[1:])}: expected one size"
            )
        if unknown := set(np.unique(found.labels).tolist()) - set(self.labels.tolist()):
            raise BakeoffError(
                f"{labels} holds labels that {self.paths[1].name} has not: {sorted(unknown)}: nothing can "
                "learn them"
            )
        positions = np.searchsorted(self.labels, found.labels)
        return Images(found.images[:, None], positions.astype(np.int64))


def _size(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))
