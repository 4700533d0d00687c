"""The catalog is data: its claims are checked against a mirror where there is one."""

import re
from pathlib import Path

import pytest

from bakeoff.data.catalog import CATALOG, find
from bakeoff.errors import BakeoffError

MIRROR_ONLY = ("cifar2", "gutenberg", "wordsim")
FILES = [file for dataset in CATALOG.values() for file in dataset.files]


def test_names_are_keys():
    assert all(name == dataset.name for name, dataset in CATALOG.items())
    assert find("mnist") is CATALOG["mnist"]


def test_an_unknown_name_is_answered_with_the_valid_ones():
    with pytest.raises(BakeoffError, match="'mnits': expected one of digits, mnist"):
        find("mnits")


def test_digits_is_embedded_and_mnist_is_not():
    assert CATALOG["digits"].embedded
    assert CATALOG["digits"].size == 0
    assert not CATALOG["mnist"].embedded
    assert CATALOG["mnist"].size == 9_912_422 + 28_881 + 1_648_877 + 4_542


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_a_file_is_a_relative_path_a_digest_and_https_addresses(file):
    assert not Path(file.path).is_absolute()
    assert ".." not in Path(file.path).parts
    assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
    assert file.urls or file.path.split("/")[0] in MIRROR_ONLY
    assert all(
        url.startswith("https://") and url.endswith(Path(file.path).name) for url in file.urls
    )


def test_the_course_has_15_books_and_two_lists_of_pairs():
    books = [Path(file.path).parent.name for file in find("course_books").files]
    assert [books.count(f"data_{split}") for split in ("train", "val", "test")] == [13, 1, 1]
    assert len(find("word_similarity").files) == 2
    assert find("python_docs").embedded


def test_digests_and_sizes_are_those_of_the_mirror(mirror):
    sums = mirror / "SHA256SUMS"
    lines = (line.split(maxsplit=1) for line in sums.read_text().splitlines())
    known = {path.removeprefix("./"): digest for digest, path in lines}
    mirrored = [file for file in FILES if file.path in known]
    assert {file.path.split("/")[0] for file in mirrored} >= {"mnist", *MIRROR_ONLY}
    for file in mirrored:
        assert (file.sha256, file.size) == (known[file.path], (mirror / file.path).stat().st_size)
