"""Files of folders and archives: what is listed, what is read, what is another content."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.tasks.classification.file_tree import open_tree

FILES = {"cat/1.png": b"one", "cat/deep/2.png": b"two", "dog/3.png": b"three"}


def folder(place: Path, files: dict[str, bytes] = FILES) -> Path:
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def archive(path: Path, files: dict[str, bytes] = FILES, kind: str = "w") -> Path:
    with tarfile.open(path, kind) as file:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


def read(path: Path) -> dict[str, bytes]:
    return {"/".join(parts): content for parts, content in open_tree(path).contents()}


@pytest.mark.parametrize("kind", ["w", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_holds_what_a_folder_holds(tmp_path, kind):
    trees = [
        open_tree(folder(tmp_path / "pets")),
        open_tree(archive(tmp_path / "pets.tar", kind=kind)),
    ]
    for tree in trees:
        assert sorted(tree.files) == [
            ("cat", "1.png"), ("cat", "deep", "2.png"), ("dog", "3.png"),
        ]  # fmt: skip
        # The archive lists no folders: they are those that its files are in.
        assert sorted(tree.folders) == [("cat",), ("cat", "deep"), ("dog",)]
        assert {"/".join(parts): content for parts, content in tree.contents()} == FILES


HIDDEN = {".DS_Store": b"", "cat/.1.png": b"", ".git/x": b"", "__MACOSX/cat/1.png": b""}


def test_hidden_files_are_passed_over(tmp_path):
    assert read(folder(tmp_path / "pets", FILES | HIDDEN)) == FILES
    assert read(archive(tmp_path / "pets.tar", FILES | HIDDEN)) == FILES


def test_an_archive_reaches_no_place_outside_itself(tmp_path):
    found = read(archive(tmp_path / "x.tar", {"/etc/passwd": b"a", "../../up/b.png": b"b"}))
    assert found == {"etc/passwd": b"a", "up/b.png": b"b"}


def test_links_of_an_archive_are_no_files(tmp_path):
    path = archive(tmp_path / "x.tar")
    with tarfile.open(path, "a") as file:
        for name, kind in (("cat/link.png", tarfile.SYMTYPE), ("cat/same.png", tarfile.LNKTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "cat/1.png"
            file.addfile(member)
    assert read(path) == FILES


def test_other_content_has_another_digest(tmp_path):
    path = folder(tmp_path / "pets")
    before = open_tree(path).digest
    assert open_tree(path).digest == before
    os.utime(path / "cat" / "1.png", ns=(1, 1))
    touched = open_tree(path).digest
    (path / "dog" / "4.png").write_bytes(b"")
    more = open_tree(path).digest
    packed = {
        open_tree(archive(tmp_path / f"{n}.tar", FILES | {"n": n})).digest for n in (b"a", b"b")
    }
    assert len({before, touched, more, *packed}) == 5


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    tree = open_tree(folder(tmp_path / "pets"))
    (tmp_path / "pets" / "cat" / "1.png").unlink()
    with pytest.raises(
        BakeoffError, match=r"cannot read .*cat/1.png: No such file .*; allow it or"
    ):
        dict(tree.contents())


def test_what_is_no_folder_and_no_archive_is_named(tmp_path):
    with pytest.raises(BakeoffError, match=r"no folder or archive of images at .*nowhere"):
        open_tree(tmp_path / "nowhere")
    (tmp_path / "text.tar").write_text("text")
    with pytest.raises(BakeoffError, match=r"text.tar is not a whole tar archive"):
        open_tree(tmp_path / "text.tar")


@pytest.mark.parametrize("kind", ["w", "w:gz"])
def test_an_archive_that_ends_early_is_named(tmp_path, kind):
    files = {f"cat/{number}.png": os.urandom(5000) for number in range(20)}
    path = archive(tmp_path / "half.tar", files, kind)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BakeoffError, match="not a whole tar archive"):
        dict(open_tree(path).contents())


@pytest.mark.parametrize(
    "content",
    [os.urandom(50_000), " ".join(map(str, range(20_000))).encode()],
    ids=["stored: its checksum is wrong", "compressed: it cannot be unpacked"],
)
def test_a_damaged_archive_is_named(tmp_path, content):
    path = archive(tmp_path / "damaged.tar.gz", {"cat/1.png": content}, "w:gz")
    damaged = bytearray(path.read_bytes())
    damaged[1000:1100] = bytes(100)
    path.write_bytes(damaged)
    with pytest.raises(BakeoffError, match="not a whole tar archive"):
        dict(open_tree(path).contents())
