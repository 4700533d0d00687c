"""Images with one class each, in stratified splits."""

import hashlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from bakeoff.data.batches import Tensors
from bakeoff.data.splits import SplitData
from bakeoff.errors import BakeoffError, suggestion
from bakeoff.images.crop import cropped
from bakeoff.images.normalization import channel_statistics
from bakeoff.store.digest import digest
from bakeoff.tasks.classification.images import Collection, Images, ImageSource
from bakeoff.tasks.classification.split import split


class ClassificationData(SplitData):
    """The images of `source`, all classes or those named in `classes`, split as `split` says.

    Batches: images (B, channels, height, width) uint8 and labels (B,) int64, positions in
    `class_names`.
    """

    inputs = unit = "images"
    white = 255.0
    framing = staticmethod(cropped)  # as image folders are read

    def __init__(
        self,
        source: ImageSource,
        classes: Sequence[str] | None,
        val: float,
        test: float,
        folds: int | None,
        fold: int,
        seed: int,
        batch_size: int,
    ) -> None:
        super().__init__(batch_size, seed)
        self.source = source
        self.classes = classes
        self.settings = {"val": val, "test": test, "k": folds, "seed": seed}
        self.fold = fold
        self.input_shape = source.shape

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of the net's outputs. Raises BakeoffError."""
        return chosen_names(self.source.names(), self.classes)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """One logit per class."""
        return (len(self.class_names),)

    @cached_property
    def collection(self) -> Collection:
        """The images of the chosen classes, read once. Raises BakeoffError."""
        return chosen(self.source.load(), self.class_names)

    @cached_property
    def parts(self) -> dict[str, Images]:
        """The images of each split, made once. Raises BakeoffError."""
        return split(self.collection, fold=self.fold, **self.settings)

    def state_dict(self) -> dict[str, list[str]]:
        """What Lightning keeps in checkpoints: the names, so that a net predicts without its data."""
        return {"class_names": list(self.class_names)}

    def load_state_dict(self, state: dict[str, list[str]]) -> None:
        """Take the names from a checkpoint instead of the source."""
        self.class_names = tuple(state["class_names"])

    def prepare_data(self) -> None:
        """Read and split. Raises BakeoffError."""
        _ = self.parts

    def load(self, split: str) -> Tensors:
        """Images (N, channels, height, width) and labels (N,)."""
        part = self.parts[split]
        return Tensors(torch.from_numpy(part.pixels), torch.from_numpy(part.labels))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all images, labels and names and of how they are split, the fold aside: the folds
        of one candidate are trained on the same data.
        """
        content = hashlib.sha256()
        for part in (self.collection.train, self.collection.val, self.collection.test):
            for array in (part.pixels, part.labels) if part is not None else ():
                content.update(np.ascontiguousarray(array))
        return digest([content.hexdigest(), self.class_names, self.settings])

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of the training pixels of each channel, both (channels, 1, 1);
        needs `setup("fit")`.
        """
        return channel_statistics(self.splits["train"].tensors[0])


def chosen_names(names: tuple[str, ...], classes: Sequence[str] | None) -> tuple[str, ...]:
    """`classes`, or all `names` where it is None.

    Raises BakeoffError for an unknown class, one named twice, or fewer than two of them.
    """
    wanted = names if classes is None else tuple(map(str, classes))
    for name in wanted:
        if name not in names:
            raise BakeoffError(
                f"data.classes: no class {name!r}: expected some of {', '.join(names)}"
                f"{suggestion(name, names)}"
            )
    if len(set(wanted)) < len(wanted) or len(wanted) < 2:
        raise BakeoffError(
            f"data: the classes are {', '.join(wanted) or 'none'}: expected at least two, each once; "
            "there is nothing to tell apart in one"
        )
    return wanted


def chosen(images: Collection, names: tuple[str, ...]) -> Collection:
    """The images of the classes `names`, labelled in that order."""
    if names == images.names:
        return images
    label = np.full(len(images.names), -1)
    label[[images.names.index(name) for name in names]] = np.arange(len(names))

    def of(part: Images | None) -> Images | None:
        if part is None:
            return None
        labels = label[part.labels]
        return Images(part.pixels[labels >= 0], labels[labels >= 0])

    return Collection(names, of(images.train), of(images.val), of(images.test))
