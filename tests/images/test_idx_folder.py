"""A folder of IDX files: which files it means, and what is said where they are not all there."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from bakeoff.errors import BakeoffError
from bakeoff.images.idx_folder import TEST, TRAIN, IdxFolder, idx_files, the_files

STANDARD = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def write(path: Path, values: np.ndarray) -> None:
    lengths = struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(bytes([0, 0, 8, values.ndim]) + lengths + values.astype(np.uint8).tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """7 training and 3 test digits of 2x3 pixels; image i holds i everywhere."""
    for split, count in (("train", 7), ("t10k", 3)):
        images = np.repeat(np.arange(count), 6).reshape(count, 2, 3)
        write(tmp_path / f"{split}-images-idx3-ubyte", images)
        write(tmp_path / f"{split}-labels-idx1-ubyte", np.arange(count) + 1)
    return tmp_path


def source(folder: Path, val: float = 0.28) -> IdxFolder:
    return IdxFolder(str(folder), val=val, pixels=1.0)


def test_val_is_the_end_of_the_training_files(folder):
    splits = source(folder).load()
    assert splits["train"].labels.tolist() == [1, 2, 3, 4, 5]
    assert splits["val"].labels.tolist() == [6, 7]
    assert splits["test"].labels.tolist() == [1, 2, 3]
    assert splits["val"].images[:, 1, 2].tolist() == [5, 6]


@pytest.mark.parametrize(
    "names",
    [
        [f"{name}.gz" for name in STANDARD],
        [name.replace("-idx", ".idx") for name in STANDARD],
        [f"emnist-letters-{name.replace('t10k', 'test')}.gz" for name in STANDARD],
    ],
)
def test_the_names_that_such_files_have_are_known(tmp_path, names):
    for name in [*names, "readme.txt", "other-images-idx3-ubyte", "train-images.png"]:
        (tmp_path / name).touch()
    assert [path.name for path in the_files(tmp_path, TRAIN + TEST)] == names
    assert {path.name for path in IdxFolder.files(str(tmp_path), val=0.1)["folder"]} == set(names)


def test_the_fingerprint_follows_the_content_and_not_the_packing(folder):
    fingerprint = source(folder).fingerprint()
    assert source(folder).fingerprint() == fingerprint
    assert source(folder, val=0.5).fingerprint() != fingerprint
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        path.write_bytes(gzip.compress(content))
        assert source(folder).fingerprint() == fingerprint
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert source(folder).fingerprint() != fingerprint
        path.write_bytes(content)


def test_all_files_that_are_missing_or_twice_there_are_named(folder):
    (folder / STANDARD[1]).unlink()
    (folder / STANDARD[2]).rename(folder / "pictures")
    (folder / f"{STANDARD[0]}.gz").touch()
    with pytest.raises(BakeoffError) as caught:
        source(folder).load()
    said = str(caught.value)
    assert f"data.folder={folder}: no train-labels-idx1-ubyte, no t10k-images-idx3-ubyte, " in said
    assert f"{STANDARD[0]} and {STANDARD[0]}.gz are one too many" in said


def test_a_folder_that_is_not_there_is_named(tmp_path):
    assert idx_files(tmp_path / "no") == {}
    with pytest.raises(BakeoffError, match=r"data\.folder=.*no: no such folder: expected"):
        source(tmp_path / "no").fingerprint()


def test_a_label_above_9_is_named_with_its_place(folder):
    write(folder / STANDARD[1], np.array([1, 2, 10, 4, 5, 6, 7]))
    with pytest.raises(
        BakeoffError, match=r"train-labels.*: label 10 at position 2, expected 0 to"
    ):
        source(folder).load()


@pytest.mark.parametrize(
    ("val", "message"),
    [(0, "expected a share"), (1, "expected a share"), (0.01, "0 of the 7"), (0.99, "7 of the 7")],
)
def test_val_must_leave_something_for_both(folder, val, message):
    with pytest.raises(BakeoffError, match=rf"data\.val is {val}: .*{message}"):
        source(folder, val).load()
