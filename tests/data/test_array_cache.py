"""Cached arrays: made once, checked on reading, made again where anything is wrong."""

import os
import random
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from bakeoff.data.array_cache import cached
from bakeoff.errors import BakeoffError

ARRAYS = {
    "images": np.arange(60, dtype=np.uint8).reshape(3, 4, 5),
    "targets": np.array([[0.5, np.nan], [1e-9, -3.0]], np.float32),
    "name": np.array("bars"),
    "nothing": np.zeros((0, 4), np.int64),
}


class Maker:
    """Makes ARRAYS and counts how often it was asked to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> dict[str, np.ndarray]:
        self.calls += 1
        return ARRAYS


def same(arrays: dict[str, np.ndarray]) -> bool:
    return arrays.keys() == ARRAYS.keys() and all(
        arrays[name].dtype == wanted.dtype
        and arrays[name].shape == wanted.shape
        and arrays[name].tobytes() == wanted.tobytes()
        for name, wanted in ARRAYS.items()
    )


@pytest.fixture
def not_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of files need not reach the disk."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_arrays_are_made_once_and_read_as_they_were(tmp_path):
    make, path = Maker(), tmp_path / "new" / "folders" / "arrays.npz"
    assert same(cached(path, make))
    written = path.stat().st_mtime_ns
    assert same(cached(path, make))
    assert make.calls == 1
    assert path.stat().st_mtime_ns == written


def test_every_truncation_is_noticed(tmp_path, not_flushed):
    path = tmp_path / "arrays.npz"
    cached(path, Maker())
    content = path.read_bytes()
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        make = Maker()
        assert same(cached(path, make))
        assert make.calls == 1


def test_no_flipped_bit_gives_wrong_arrays(tmp_path, not_flushed):
    path = tmp_path / "arrays.npz"
    cached(path, Maker())
    content = path.read_bytes()
    # In the data, the checksums, and the zip file's directory, which says what there is (at the end).
    bits = random.Random(0).sample(range(8 * len(content)), 200)
    directory = content.index(b"PK\1\2")
    bits += range(8 * directory, 8 * len(content), 7)
    made = 0
    for bit in bits:
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        make = Maker()
        assert same(cached(path, make)), f"bit {bit}"
        made += make.calls
    assert made > len(bits) / 2  # the others are of no consequence, such as the file's date


def test_a_damaged_file_is_named_and_replaced(tmp_path, caplog):
    path, make = tmp_path / "arrays.npz", Maker()
    path.write_text("<html>404</html>")
    cached(path, make)
    assert f"{path} is damaged" in caplog.text
    assert same(cached(path, make))
    assert make.calls == 1


def test_pickled_objects_are_not_loaded(tmp_path):
    path, make = tmp_path / "arrays.npz", Maker()
    np.savez(path, images=np.array([{"an": "object"}]))
    assert same(cached(path, make))
    assert make.calls == 1


def test_what_fails_to_be_made_leaves_no_file(tmp_path):
    def fail() -> dict[str, np.ndarray]:
        raise BakeoffError("a canvas of 9x60 is too small")

    with pytest.raises(BakeoffError, match="too small"):
        cached(tmp_path / "arrays.npz", fail)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file_is_answered_with_what_to_do(tmp_path, caplog):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(
        BakeoffError, match=r"data/arrays.npz: .*\. Expected a writable folder with room"
    ):
        cached(tmp_path / "data" / "arrays.npz", Maker())
    assert not caplog.text  # nothing is damaged


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: as a full disk, for this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_answered_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "arrays.npz"
    path.write_bytes(b"old")
    big = {"images": np.zeros((1000, 100), np.uint8)}
    with room(10_000), pytest.raises(BakeoffError, match=r"File too large.*make room there or"):
        cached(path, lambda: big)
    assert [file.name for file in tmp_path.iterdir()] == ["arrays.npz"]
    assert path.read_bytes() == b"old"
    assert cached(path, lambda: big)["images"].shape == (1000, 100)


def test_the_path_may_be_a_folder_by_mistake(tmp_path):
    path: Path = tmp_path / "arrays.npz"
    path.mkdir()
    with pytest.raises(BakeoffError, match=r"cannot write .*arrays.npz: Is a directory"):
        cached(path, Maker())
