"""Labelled digits: where the canvases take them from."""

import gzip
import hashlib
import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np

from bakeoff.data.catalog import CATALOG
from bakeoff.data.download.fetch import fetch
from bakeoff.data.split_names import SPLITS
from bakeoff.errors import BakeoffError
from bakeoff.store.plain_file import read_bytes

CLASSES = 10
MOST_BYTES = 1 << 30  # of an unpacked file; the largest of EMNIST holds half of it


@dataclass(frozen=True)
class Digits:
    """`images` (N, h, w) uint8, ink 255 on 0; `labels` (N,) uint8."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: np.ndarray | slice) -> "Digits":
        return Digits(self.images[index], self.labels[index])


class DigitSource(Protocol):
    """Digits in three disjoint splits."""

    pixels: float  # canvas pixels that a source pixel spans for a digit of MNIST's size

    def fingerprint(self) -> str:
        """A digest of the digits: another content gives another digest."""

    def load(self) -> dict[str, Digits]:
        """The digits of each of SPLITS."""


class EmbeddedDigits:
    """The 1,797 digits of 8x8 pixels that scikit-learn ships, shuffled, then split 70 / 15 / 15 %."""

    pixels = 2.5

    def fingerprint(self) -> str:
        """Fixed: the images are part of scikit-learn."""
        return "sklearn-digits-1797"

    def load(self) -> dict[str, Digits]:
        """1,257 / 270 / 270 digits."""
        digits = embedded_digits()
        order = np.random.default_rng(0).permutation(len(digits))
        parts = np.split(order, [1257, 1527])
        return {split: digits[part] for split, part in zip(SPLITS, parts, strict=True)}


class MnistDigits:
    """MNIST by checked download: 54,000 / 6,000 / 10,000 digits of its own train and test sets."""

    pixels = 1.0

    def __init__(self, root: str) -> None:
        self.root = Path(root)

    def fingerprint(self) -> str:
        """Digest of the pinned digests of the files."""
        pinned = "".join(file.sha256 for file in CATALOG["mnist"].files)
        return hashlib.sha256(pinned.encode()).hexdigest()

    def load(self) -> dict[str, Digits]:
        """The digits; downloads what is missing. Raises BakeoffError."""
        return with_val(*fetch_digits("mnist", self.root), val=6000)


def embedded_digits() -> Digits:
    """The 1,797 digits of 8x8 pixels that scikit-learn ships, in its order; its grey levels 0 to 16 are
    stretched to 0 to 255.
    """
    # As its `load_digits` does; importing that takes ten times as long as reading the file.
    package = find_spec("sklearn").submodule_search_locations[0]
    with gzip.open(Path(package, "datasets", "data", "digits.csv.gz"), "rt") as file:
        rows = np.loadtxt(file, delimiter=",")
    images = np.rint(rows[:, :-1].reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    return Digits(images, rows[:, -1].astype(np.uint8))


def fetch_digits(name: str, root: Path) -> tuple[Digits, Digits]:
    """The training and the test images of a data set of the catalog in MNIST's format, `mnist` or
    `fashion_mnist`; downloads what is missing below `root`. Raises BakeoffError.
    """
    paths = {Path(file.path).name: fetch(file, root) for file in CATALOG[name].files}
    train, test = (
        read_digits(paths[f"{split}-images-idx3-ubyte.gz"], paths[f"{split}-labels-idx1-ubyte.gz"])
        for split in ("train", "t10k")
    )
    return train, test


def with_val(train: Digits, test: Digits, val: int) -> dict[str, Digits]:
    """The three splits: the last `val` training digits are for validation."""
    return {"train": train[:-val], "val": train[-val:], "test": test}


def read_digits(images: Path, labels: Path) -> Digits:
    """As `read_labelled`, with labels 0 to 9. Raises BakeoffError."""
    digits = read_labelled(images, labels)
    if digits.labels.max() > 9:
        at = int(digits.labels.argmax())
        raise BakeoffError(
            f"{labels}: label {digits.labels[at]} at position {at}, expected 0 to 9; leave such items out"
        )
    return digits


def read_labelled(images: Path, labels: Path) -> Digits:
    """An image file and its label file, checked against each other. Raises BakeoffError."""
    pictures, classes = read_idx(images, dimensions=3), read_idx(labels, dimensions=1)
    if len(pictures) != len(classes):
        raise BakeoffError(
            f"{images} holds {len(pictures)} images but {labels} {len(classes)} labels: "
            "expected a label for every image"
        )
    return Digits(pictures, classes)


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """An IDX file of unsigned bytes, plain or gzipped, as an array.

    Format: two zero bytes, the type (8: unsigned byte), the number of dimensions, each length as a
    big-endian 32-bit integer, then the values (http://yann.lecun.com/exdb/mnist/). Raises BakeoffError
    where the file is missing, of another format, without items or shorter or longer than it says.
    """
    content = content_of(path)
    magic, start = bytes([0, 0, 8, dimensions]), 4 + 4 * dimensions
    if content[:4] != magic:
        raise BakeoffError(
            f"{path} is not an IDX file of unsigned bytes with {dimensions} dimension(s): "
            f"it starts with {content[:4]!r}, expected {magic!r}; are images and labels swapped?"
        )
    if len(content) < start:
        raise BakeoffError(
            f"{path} ends after {len(content)} bytes of its header's {start}: the file is "
            "truncated; fetch or copy it again"
        )
    shape: Sequence[int] = struct.unpack(f">{dimensions}I", content[4:start])
    expected = int(np.prod(shape, dtype=object))
    if expected == 0 or len(content) - start != expected:
        raise BakeoffError(
            f"{path} says it holds {'x'.join(map(str, shape))} values but {len(content) - start} "
            "bytes follow: the file is empty, truncated or damaged; fetch or copy it again"
        )
    return np.frombuffer(bytearray(content), np.uint8, offset=start).reshape(shape)


def content_of(path: Path) -> bytes:
    """What a file holds, unpacked where it is gzipped. Raises BakeoffError."""
    try:
        content = read_bytes(path, MOST_BYTES)
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise BakeoffError(
                f"{path} holds more than {MOST_BYTES:,} bytes: expected an IDX file as MNIST's"
            )
        return content
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BakeoffError(
            f"{path} is truncated or damaged ({error}): fetch or copy it again"
        ) from None
    except OSError as error:
        raise BakeoffError(
            f"cannot read {path}: {error.strerror}; expected an IDX file as MNIST's, plain or "
            "gzipped"
        ) from None
