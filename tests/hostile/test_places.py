"""Files that are not what they seem: each is refused at once, in words, and nothing else is touched."""

import csv
import gzip
import io
import os
import pickle
import struct
import tarfile
import zlib
from dataclasses import replace

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.images import digits, image_files
from bakeoff.select.leaderboard import CSV_NAME
from bakeoff.select.ranking import select
from bakeoff.store.checkpoint import checkpoint, verified, weights_only
from bakeoff.store.digest import file_digest
from bakeoff.store.record import Checkpoint, Metric, RunRecord
from bakeoff.store.yaml_file import read_yaml
from bakeoff.tasks.classification import file_tree
from bakeoff.tasks.classification.file_tree import open_tree


def a_run(**changes):
    given = RunRecord("a", "completed", "e", "t", "c", [], 0, Metric("accuracy", "max", 0.5, 1))
    return replace(given, **changes)


class Runs:
    """An object that runs code when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize(
    "save", [torch.save, lambda value, path: path.write_bytes(pickle.dumps(value))]
)
def test_a_checkpoint_with_an_object_is_refused_in_our_words(tmp_path, save):
    path, made = tmp_path / "x.ckpt", tmp_path / "made"
    save({"state_dict": {}, "more": Runs(str(made))}, path)
    with pytest.raises(BakeoffError, match=r"holds objects") as error:
        checkpoint(tmp_path, a_run(checkpoint=Checkpoint("x.ckpt", file_digest(path))))
    assert not made.exists()
    assert "weights_only" not in str(error.value)


@pytest.mark.parametrize("value", [[1], {"weights": 1}, {"state_dict": 3}])
def test_a_checkpoint_of_something_else_is_refused(tmp_path, value):
    path = tmp_path / "x.ckpt"
    torch.save(value, path)
    with pytest.raises(BakeoffError, match=r"no state_dict"):
        checkpoint(tmp_path, a_run(checkpoint=Checkpoint("x.ckpt", file_digest(path))))


@pytest.mark.parametrize("name", ["/etc/hostname", "../x.ckpt", "../../../../x.ckpt", "link"])
def test_a_checkpoint_elsewhere_is_refused(tmp_path, name):
    folder = tmp_path / "run"
    folder.mkdir()
    (tmp_path / "x.ckpt").write_text("x")
    (folder / "link").symlink_to(tmp_path / "x.ckpt")
    digest = file_digest(folder / name) if (folder / name).exists() else ""
    with pytest.raises(BakeoffError, match=r"of its own folder only"):
        verified(folder, a_run(checkpoint=Checkpoint(name, digest)))


def png(width, height):
    """A PNG that says it has this size, with nothing to fill it: 69 bytes or so."""
    found = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        crc = zlib.crc32(kind + data)
        found += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)
    return found


@pytest.mark.parametrize(
    "size",
    [(1, 170_000_000), (170_000_000, 1), (13_000, 13_000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1)],
)
def test_a_header_of_absurd_size_costs_nothing(tmp_path, size):
    path = tmp_path / "x.png"
    path.write_bytes(png(*size))
    with pytest.raises(BakeoffError, match=r"too large"):
        image_files.read(path)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_waited_for(tmp_path, make):
    make(tmp_path / "x.png")
    with pytest.raises(BakeoffError, match=r"is not a file"):
        image_files.read(tmp_path / "x.png")


BOMBS = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "mappings": "a: &a {x: 1, y: 2}\n"
    + "".join(
        f"{new}: &{new} {{{', '.join(f'k{i}: *{old}' for i in range(9))}}}\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "long": "x: " + "y" * 1_000_001,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_config_that_grows_is_refused_before_it_does(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(BakeoffError, match=r"too large"):
        read_yaml(path, (), "mend it")


@pytest.mark.parametrize(
    "text", ["[" * 5000, "a: &a [*a]", "a: *b", "{{{", "\0", "!!python/object/apply:os.getcwd []"]
)
def test_a_config_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(BakeoffError, match=r"damaged|not a"):
        read_yaml(path, (), "mend it")


def test_aliases_within_reason_are_read(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("a: &a [1, 2]\nb: {x: *a, y: *a}\n")
    assert read_yaml(path, ("a",), "mend it").b.y == [1, 2]


def test_a_huge_member_of_an_archive_is_refused_by_its_header(tmp_path):
    path = tmp_path / "x.tar"
    member = tarfile.TarInfo("cat/1.png")
    member.size = 3 << 30
    with path.open("wb") as file:
        file.write(member.tobuf())
        file.truncate(1 << 20)
    with pytest.raises(BakeoffError, match=r"3,221,225,472 bytes"):
        open_tree(path)


def packed(path, kind, size, count=1):
    """A small archive of large members that hold nothing but zeros."""
    zeros = gzip.compress(bytes(1 << 20))
    with path.open("wb") as file:
        for number in range(count):
            member = tarfile.TarInfo(f"cat/{number}.png")
            member.type, member.size = kind, size
            file.write(gzip.compress(member.tobuf()))
            for _ in range(size >> 20):
                file.write(zeros)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_huge_header_of_an_archive_is_not_read(tmp_path, kind):
    packed(tmp_path / "x.tar.gz", kind, 1 << 28)
    with pytest.raises(BakeoffError, match=r"a header of 268,435,456 bytes"):
        open_tree(tmp_path / "x.tar.gz")


def test_an_archive_that_grows_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(file_tree, "FREE_BYTES", 1 << 21)
    packed(tmp_path / "x.tar.gz", tarfile.REGTYPE, 1 << 20, 12)
    with pytest.raises(BakeoffError, match=r"more than 100 times its size"):
        open_tree(tmp_path / "x.tar.gz")


def test_a_packed_file_of_digits_that_grows_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(digits, "MOST_BYTES", 1 << 20)
    (tmp_path / "x.gz").write_bytes(gzip.compress(bytes(1 << 24)))
    with pytest.raises(BakeoffError, match=r"more than 1,048,576 bytes"):
        digits.read_idx(tmp_path / "x.gz", 1)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_a_link_or_device_in_an_archive_is_no_file(tmp_path, kind):
    path = tmp_path / "x.tar"
    with tarfile.open(path, "w") as file:
        link = tarfile.TarInfo("cat/1.png")
        link.type, link.linkname = kind, "/etc/passwd"
        file.addfile(link)
        file.addfile(tarfile.TarInfo("../../cat/2.png"), io.BytesIO())
    assert open_tree(path).files == [("cat", "2.png")]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_formula_is_text_in_the_table(tmp_path, name):
    select([a_run(candidate=name)]).write(tmp_path)
    with (tmp_path / CSV_NAME).open(newline="") as file:
        row = next(csv.DictReader(file))
    assert row["name"].startswith("'")
    assert float(row["mean"]) == 0.5


@pytest.mark.parametrize(
    "save", [torch.save, lambda value, path: path.write_bytes(pickle.dumps(value))]
)
def test_weights_to_begin_from_with_an_object_are_refused_in_our_words(tmp_path, save):
    path, made = tmp_path / "x.ckpt", tmp_path / "made"
    save({"a": Runs(str(made))}, path)
    with pytest.raises(BakeoffError, match=r"holds objects") as error:
        weights_only(path, "give weights")
    assert not made.exists()
    assert "weights_only" not in str(error.value)
