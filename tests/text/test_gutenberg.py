"""Books by number: downloaded once, checked, and left without their headers and licences."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.text.gutenberg import Gutenberg, book, text_of

TEXT = "\r\n\r\nCHAPTER I.\r\n\r\nIt was *** a dark night.\r\n\r\n"
TODAY = (
    "\ufeffThe Project Gutenberg eBook of A Night\r\n\r\nTitle: A Night\r\n"
    "Release date: November 29, 2002 [eBook #77]\r\n\r\nLanguage: English\r\n\r\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK A NIGHT ***",
    "*** END OF THE PROJECT GUTENBERG EBOOK A NIGHT ***\r\n\r\nUpdated editions will replace ...\r\n",
)
OLDER = (
    "Project Gutenberg's A Night, by A. Nobody\n\nRelease Date: March, 1999 [EBook #77]\n\n"
    "Character set encoding: ISO-8859-1\n\n"
    "*** START OF THIS PROJECT GUTENBERG EBOOK A NIGHT,\nOR TWO ***\n",
    "End of Project Gutenberg's A Night, by A. Nobody\n\n"
    "*** END OF THIS PROJECT GUTENBERG EBOOK A NIGHT ***\n\n***** This file should be named ...\n",
)
OLD = (
    "The Project Gutenberg Etext of A Night\n[Etext #77]\n\n"
    "***START OF THE PROJECT GUTENBERG ETEXT A NIGHT***\n",
    "End of the Project Gutenberg EBook of A Night, or Two, with a Very Long Name,\n"
    "by A. Nobody\n\n\n***END OF THE PROJECT GUTENBERG ETEXT A NIGHT***\n",
)


@pytest.mark.parametrize("form", [TODAY, OLDER, OLD])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_exactly_the_text_is_left(form, ends):
    before, after = (side.replace("\r\n", "\n").replace("\n", ends) for side in form)
    text = TEXT.replace("\r\n", ends)
    content = (before.rstrip() + text + after).encode()
    start, end = text_of(content, "pg77.txt", 77)
    assert content[start:end].decode() == text


def test_another_book_is_refused():
    content = (TODAY[0] + TEXT + TODAY[1]).encode()
    with pytest.raises(BakeoffError, match=r"pg78.txt is book 77 by its header: expected 78"):
        text_of(content, "pg78.txt", 78)


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ("<html>404 not found</html>", "START"),
        (TEXT + TODAY[1], "START"),
        (TODAY[0] + TEXT, "END"),
        (TODAY[1] + TODAY[0] + TEXT, "END"),
        # Without the stars at its end, the line must not reach as far as stars between chapters.
        (TODAY[0].removesuffix(" ***") + "\n\nIt was dark.\n\n***\n" + TEXT + TODAY[1], "START"),
        ("", "START"),
    ],
)
def test_a_missing_line_is_named(content, missing):
    with pytest.raises(BakeoffError, match=rf"pg77.txt has no line '\*\*\* {missing} OF THE PRO"):
        text_of(content.encode(), "pg77.txt", 77)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A mirror with three books."""
    folder = tmp_path / "mirror" / "gutenberg"
    folder.mkdir(parents=True)
    for number in (77, 78, 79):
        content = TODAY[0].replace("77", str(number)) + TEXT + TODAY[1]
        (folder / f"pg{number}.txt").write_bytes(content.encode())
    monkeypatch.setenv("BAKEOFF_MIRROR", str(folder.parent))
    return folder


def test_a_book_is_fetched_once_and_kept(shelf, tmp_path):
    root = tmp_path / "data"
    first = "".join(book(77, root).blocks())
    assert first == TEXT
    (shelf / "pg77.txt").unlink()
    assert "".join(book(77, root).blocks()) == first


def test_an_old_book_is_read_by_the_encoding_of_its_header(shelf, tmp_path):
    content = OLDER[0].rstrip() + "\n\nUn café\n\n" + OLDER[1]
    (shelf / "pg77.txt").write_bytes(content.encode("latin-1"))
    found = book(77, tmp_path)
    assert "".join(found.blocks()) == "\n\nUn café\n\n"
    assert found.remarks == ("read as ISO-8859-1, as its header says",)


def test_a_wrong_file_is_not_kept(shelf, tmp_path):
    (shelf / "pg77.txt").write_text("<html>busy</html>")
    with pytest.raises(BakeoffError, match="no line"):
        book(77, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_kept_file_that_is_damaged_is_named_with_its_folder_and_what_to_do(shelf, tmp_path):
    book(77, tmp_path)
    kept = tmp_path / "gutenberg" / "pg77.txt"
    kept.write_bytes(kept.read_bytes()[:200])
    with pytest.raises(BakeoffError) as error:
        book(77, tmp_path)
    assert str(error.value).startswith(f"{kept} (remove it to fetch it again) has no line")


def test_books_by_split(shelf, tmp_path):
    documents = Gutenberg(str(tmp_path), [77], [78], [79]).documents()
    assert {split: len(found) for split, found in documents.items()} == {
        "train": 1,
        "val": 1,
        "test": 1,
    }


@pytest.mark.parametrize("numbers", [[], [0], ["dracula"], [1.5]])
def test_numbers_are_numbers(numbers, tmp_path):
    with pytest.raises(BakeoffError, match=r"source.val is .*: expected numbers of books"):
        Gutenberg(str(tmp_path), [77], numbers, [79])


def test_a_book_in_two_splits_is_refused(tmp_path):
    with pytest.raises(BakeoffError, match="names 77 twice"):
        Gutenberg(str(tmp_path), [77, 78], [77], [79]).documents()
