"""Labelled images from where they come from."""

import gzip
import io
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest

from bakeoff.data.catalog import CATALOG, RemoteFile
from bakeoff.errors import BakeoffError
from bakeoff.images import digits
from bakeoff.tasks.classification import images
from bakeoff.tasks.classification.images import (
    CIFAR10_NAMES,
    Cifar10,
    EmbeddedDigits,
    IdxImages,
    read_cifar10,
)


def test_embedded_digits_look_like_their_labels():
    found = EmbeddedDigits().load()
    assert found.train.pixels.shape == (1797, 1, 8, 8)
    assert found.names == tuple("0123456789")
    assert int(found.train.pixels.max()) == 255
    # A zero has a hole, a one has none.
    middle = found.train.pixels[:, 0, 3:5, 3:5].mean(axis=(1, 2))
    assert (
        middle[found.train.labels == 0].mean() < 40 < 150 < middle[found.train.labels == 1].mean()
    )


def test_embedded_digits_are_those_of_the_canvases():
    ours, theirs = EmbeddedDigits().load().train, digits.embedded_digits()
    assert np.array_equal(ours.pixels[:, 0], theirs.images)
    assert np.array_equal(ours.labels, theirs.labels)
    assert ours.labels.dtype == np.int64


def test_mnist_format_by_checked_download(tmp_path, monkeypatch):
    for file in CATALOG["fashion_mnist"].files:
        count = 6 if "train" in file.path else 4
        shape = (count, 28, 28) if "images" in file.path else (count,)
        values = np.arange(np.prod(shape)).reshape(shape).astype(np.uint8) % 10
        header = struct.pack(f">4B{len(shape)}I", 0, 0, 8, len(shape), *shape)
        path = tmp_path / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(header + values.tobytes()))
    monkeypatch.setattr(digits, "fetch", lambda file, root: root / file.path)
    found = IdxImages("fashion_mnist", str(tmp_path)).load()
    assert found.train.pixels.shape == (6, 1, 28, 28)
    assert found.test.labels.tolist() == [0, 1, 2, 3]
    assert found.names[-1] == "boot"


def test_an_unknown_idx_data_set_is_named():
    with pytest.raises(
        BakeoffError, match="no IDX data set 'emnist': expected one of mnist, fashion"
    ):
        IdxImages("emnist", "data")


def test_cifar10_is_read_record_by_record(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    batches = {
        **{f"data_batch_{i}": rng.integers(0, 10, (3, 3073)).astype(np.uint8) for i in range(1, 6)},
        "test_batch": rng.integers(0, 10, (2, 3073)).astype(np.uint8),
    }
    path = tmp_path / "cifar10" / "cifar-10-binary.tar.gz"
    path.parent.mkdir()
    with tarfile.open(path, "w:gz") as archive:
        for name, records in batches.items():
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}.bin")
            member.size = records.size
            archive.addfile(member, io.BytesIO(records.tobytes()))
    monkeypatch.setattr(images, "fetch", lambda file, root: root / file.path)
    arrays = read_cifar10(RemoteFile("cifar10/cifar-10-binary.tar.gz", "", 0, ()), Path(tmp_path))
    first = batches["data_batch_1"][0]
    assert arrays["train_labels"].tolist()[0] == first[0]
    assert arrays["train_pixels"].shape == (15, 3, 32, 32)
    assert arrays["train_pixels"][0, 1, 0, 2] == first[1 + 1024 + 2]  # green follows red
    assert arrays["test_labels"].tolist() == batches["test_batch"][:, 0].tolist()
    found = Cifar10(str(tmp_path)).load()
    assert found.names == CIFAR10_NAMES
    assert np.array_equal(found.test.pixels, arrays["test_pixels"])
