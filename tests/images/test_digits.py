"""Digits from real files: what is read, and what every kind of bad file is answered with."""

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn.datasets import load_digits

from bakeoff.data.catalog import CATALOG
from bakeoff.data.split_names import SPLITS
from bakeoff.errors import BakeoffError
from bakeoff.images.digits import (
    Digits,
    EmbeddedDigits,
    MnistDigits,
    embedded_digits,
    read_digits,
    read_idx,
)

AGAIN = "fetch or copy it again"


def idx(values: np.ndarray) -> bytes:
    """An IDX file of unsigned bytes, from the format's definition."""
    lengths = struct.pack(f">{values.ndim}I", *values.shape)
    return b"\0\0\x08" + bytes([values.ndim]) + lengths + values.astype(np.uint8).tobytes()


def rows(digits: Digits) -> list[bytes]:
    return [i.tobytes() + bytes([n]) for i, n in zip(digits.images, digits.labels, strict=True)]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """7 training and 3 test digits of 2x3 pixels; image i holds i everywhere."""
    paths = {}
    for split, count in (("train", 7), ("test", 3)):
        images = np.repeat(np.arange(count), 6).reshape(count, 2, 3)
        for kind, values in (("images", images), ("labels", np.arange(count) + 1)):
            paths[f"{split}_{kind}"] = tmp_path / f"{split}-{kind}"
            paths[f"{split}_{kind}"].write_bytes(idx(values))
    return paths


# Embedded digits


def test_embedded_splits_share_no_digit_and_together_are_all_of_them():
    splits = EmbeddedDigits().load()
    assert {split: len(digits) for split, digits in splits.items()} == {
        "train": 1257,
        "val": 270,
        "test": 270,
    }
    images, labels = load_digits(return_X_y=True)
    # Ink 0..16 becomes 0..255; no two of the 1,797 digits are equal, so rows stand for indices.
    images = np.rint(images / 16 * 255).astype(np.uint8)
    everything = [i.tobytes() + bytes([n]) for i, n in zip(images, labels, strict=True)]
    assert len(set(everything)) == 1797
    assert sorted(row for split in SPLITS for row in rows(splits[split])) == sorted(everything)


def test_embedded_digits_are_in_the_order_of_scikit_learn():
    images, labels = load_digits(return_X_y=True)
    found = embedded_digits()
    np.testing.assert_array_equal(found.images.reshape(-1, 64), np.rint(images / 16 * 255))
    np.testing.assert_array_equal(found.labels, labels)
    assert (found.images.dtype, found.labels.dtype) == (np.uint8, np.uint8)


def test_every_embedded_split_holds_every_class_and_the_whole_range_of_ink():
    for digits in EmbeddedDigits().load().values():
        assert set(digits.labels.tolist()) == set(range(10))
        assert (digits.images.min(), digits.images.max()) == (0, 255)


# IDX files


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=1, max_dims=3)), st.booleans())
def test_what_is_written_is_read(tmp_path_factory, values, gzipped):
    path = tmp_path_factory.getbasetemp() / "written.idx"
    path.write_bytes(gzip.compress(idx(values), 1) if gzipped else idx(values))
    np.testing.assert_array_equal(read_idx(path, values.ndim), values)


GOOD = idx(np.arange(24).reshape(4, 2, 3))
PACKED = gzip.compress(GOOD)
BAD = {
    "empty": (b"", r"not an IDX file .* starts with b'', expected b'\\x00\\x00\\x08\\x03'"),
    "another format": (
        b"\x89PNG\r\n\x1a\n" + bytes(99),
        r"not an IDX file .* b'\\x89PNG', expected",
    ),
    "labels for images": (idx(np.arange(9)), "are images and labels swapped"),
    "floats": (b"\0\0\x0d\x03" + GOOD[4:], "not an IDX file of unsigned bytes with 3 dim"),
    "truncated header": (GOOD[:10], f"ends after 10 bytes of its header's 16: .* {AGAIN}"),
    "truncated": (GOOD[:-1], f"says it holds 4x2x3 values but 23 bytes follow: .* {AGAIN}"),
    "too long": (GOOD + b"\0", f"says it holds 4x2x3 values but 25 bytes follow: .* {AGAIN}"),
    "no items": (idx(np.zeros((0, 2, 3))), f"holds 0x2x3 values but 0 bytes .* empty, .* {AGAIN}"),
    "more than fits any memory": (GOOD[:4] + b"\xff" * 12 + GOOD[16:], "4294967295x42949"),
    "truncated gzip": (PACKED[:-9], rf"is truncated or damaged \(.*\): {AGAIN}"),
    "gzip cut in its header": (PACKED[:5], rf"is truncated or damaged \(.*\): {AGAIN}"),
    "damaged gzip": (
        PACKED[:20] + bytes([PACKED[20] ^ 255]) + PACKED[21:],
        rf"is truncated or damaged \(.*\): {AGAIN}",
    ),
    "wrong checksum": (PACKED[:-8] + bytes(8), rf"is truncated or damaged \(CRC.*\): {AGAIN}"),
    "gzip of another format": (gzip.compress(b"<html>"), "not an IDX file .* b'<htm', expected"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_a_bad_file_is_named_with_what_to_do(tmp_path, content, message):
    path = tmp_path / "images.idx"
    path.write_bytes(content)
    with pytest.raises(BakeoffError, match=message) as caught:
        read_idx(path, dimensions=3)
    assert str(path) in str(caught.value)


def test_a_file_that_cannot_be_read_is_named_with_what_was_expected(tmp_path):
    with pytest.raises(BakeoffError, match="No such file or directory; expected an IDX file"):
        read_idx(tmp_path / "missing", dimensions=3)
    with pytest.raises(BakeoffError, match="Is a directory; expected an IDX file"):
        read_idx(tmp_path, dimensions=3)


def test_a_label_above_9_is_named_with_its_place(files):
    files["train_labels"].write_bytes(idx(np.array([1, 2, 10, 4, 5, 6, 7])))
    with pytest.raises(BakeoffError, match="train-labels: label 10 at position 2, expected 0 to 9"):
        read_digits(files["train_images"], files["train_labels"])


def test_different_counts_are_named_with_both_files(files):
    with pytest.raises(
        BakeoffError, match=r"train-images holds 7 images but .*test-labels 3 labels: expected"
    ):
        read_digits(files["train_images"], files["test_labels"])


# MNIST


def test_mnist_is_split_as_published(mirror, monkeypatch, tmp_path):
    monkeypatch.setenv("BAKEOFF_MIRROR", str(mirror))
    mnist = MnistDigits(str(tmp_path))
    splits = mnist.load()
    assert [len(splits[split]) for split in SPLITS] == [54_000, 6_000, 10_000]
    assert all(digits.images.shape[1:] == (28, 28) for digits in splits.values())
    # The first and last labels of each part, as in the original files.
    assert splits["train"].labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert splits["val"].labels[-5:].tolist() == [8, 3, 5, 6, 8]
    assert splits["test"].labels[:5].tolist() == [7, 2, 1, 0, 4]
    # Digits of all classes in all parts, ink 255 on 0: the mean of MNIST is known, 0.1307.
    assert all(np.bincount(digits.labels).min() > 400 for digits in splits.values())
    train = np.concatenate([splits["train"].images, splits["val"].images])
    assert train.mean() / 255 == pytest.approx(0.1307, abs=5e-5)


def test_the_fingerprint_of_mnist_is_that_of_the_real_files(mirror):
    digests = [
        hashlib.sha256((mirror / file.path).read_bytes()).hexdigest()
        for file in CATALOG["mnist"].files
    ]
    expected = hashlib.sha256("".join(digests).encode()).hexdigest()
    assert MnistDigits("anywhere").fingerprint() == expected
