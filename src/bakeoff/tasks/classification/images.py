"""Labelled images, and where they come from."""

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from bakeoff.data.array_cache import cached
from bakeoff.data.catalog import CATALOG, RemoteFile
from bakeoff.data.download.fetch import fetch
from bakeoff.errors import BakeoffError
from bakeoff.images.digits import CLASSES, Digits, embedded_digits, fetch_digits

DIGITS = tuple(map(str, range(CLASSES)))
IDX_NAMES = {
    "mnist": DIGITS,
    "fashion_mnist": (
        *("t-shirt", "trouser", "pullover", "dress", "coat"),
        *("sandal", "shirt", "sneaker", "bag", "boot"),
    ),
}
CIFAR10 = CATALOG["cifar10"].files[0]
CIFAR10_NAMES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
CIFAR10_RECORD = 1 + 3 * 32 * 32  # bytes: the label, then the pixels, channel by channel


@dataclass(frozen=True)
class Images:
    """`pixels` (N, channels, height, width) uint8; `labels` (N,) int64, positions in the names."""

    pixels: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: np.ndarray) -> "Images":
        return Images(self.pixels[index], self.labels[index])


@dataclass(frozen=True)
class Collection:
    """Images of the classes `names`, in the splits that their makers gave; None: no such split."""

    names: tuple[str, ...]
    train: Images
    val: Images | None = None
    test: Images | None = None


class ImageSource(Protocol):
    """Where labelled images come from."""

    shape: tuple[int, int, int]  # of an image: channels, height, width

    def names(self) -> tuple[str, ...]:
        """The classes, without loading images. Raises BakeoffError."""

    def load(self) -> Collection:
        """All images, downloaded or read where that is due. Raises BakeoffError."""


class EmbeddedDigits:
    """The 1,797 digits of 8x8 pixels that scikit-learn ships, in no splits."""

    shape = (1, 8, 8)

    def names(self) -> tuple[str, ...]:
        """The digits 0 to 9."""
        return DIGITS

    def load(self) -> Collection:
        """All of them, to train on."""
        return Collection(DIGITS, _grey(embedded_digits()))


class IdxImages:
    """A data set of the catalog in MNIST's format, with its own test images: `mnist`, `fashion_mnist`."""

    shape = (1, 28, 28)

    def __init__(self, name: str, root: str) -> None:
        if name not in IDX_NAMES:
            raise BakeoffError(f"no IDX data set {name!r}: expected one of {', '.join(IDX_NAMES)}")
        self.name = name
        self.root = Path(root)

    def names(self) -> tuple[str, ...]:
        """Ten classes, in the order of the labels."""
        return IDX_NAMES[self.name]

    def load(self) -> Collection:
        """60,000 and 10,000 images of 28x28; downloads what is missing."""
        train, test = fetch_digits(self.name, self.root)
        return Collection(IDX_NAMES[self.name], train=_grey(train), test=_grey(test))


class Cifar10:
    """CIFAR-10 (Krizhevsky, 2009) by checked download: 50,000 and 10,000 RGB images of 32x32."""

    shape = (3, 32, 32)

    def __init__(self, root: str) -> None:
        self.root = Path(root)

    def names(self) -> tuple[str, ...]:
        """Ten classes, in the order of the labels."""
        return CIFAR10_NAMES

    def load(self) -> Collection:
        """Unpacked once, then from a cache beside the download."""
        path = self.root / "cifar10" / f"{CIFAR10.sha256[:16]}.npz"
        arrays = cached(path, lambda: read_cifar10(CIFAR10, self.root))
        train, test = (
            Images(arrays[f"{split}_pixels"], arrays[f"{split}_labels"])
            for split in ("train", "test")
        )
        return Collection(CIFAR10_NAMES, train=train, test=test)


def _grey(digits: Digits) -> Images:
    """The same images with a dimension for their one channel."""
    return Images(digits.images[:, None], digits.labels.astype(np.int64))


def read_cifar10(file: RemoteFile, root: Path) -> dict[str, np.ndarray]:
    """The arrays of the binary version: five batches to train on, one to test."""
    splits: dict[str, list[np.ndarray]] = {"train": [], "test": []}
    with tarfile.open(fileobj=io.BytesIO(fetch(file, root).read_bytes())) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            name = Path(member.name).name
            if name.endswith(".bin"):
                records = np.frombuffer(bytearray(archive.extractfile(member).read()), np.uint8)
                split = "test" if name.startswith("test") else "train"
                splits[split].append(records.reshape(-1, CIFAR10_RECORD))
    arrays = {}
    for split, parts in splits.items():
        records = np.concatenate(parts)
        arrays[f"{split}_labels"] = records[:, 0].astype(np.int64)
        arrays[f"{split}_pixels"] = records[:, 1:].reshape(-1, 3, 32, 32)
    return arrays
