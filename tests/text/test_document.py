"""Documents in blocks: nothing is lost, no word is split."""

import io
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.text import document
from bakeoff.text.document import Document
from bakeoff.text.tokenizer import tokens

quick = settings(max_examples=100, deadline=None, derandomize=True)
texts = st.lists(
    st.sampled_from(["the", "é", "don't", " ", "\n", "\r\n", "\t", "<br />", "漢"])
).map("".join)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(document, "BLOCK", 5)


def in_blocks(part: Document) -> list[str]:
    return [token for block in part.blocks() for token in tokens(block)]


@pytest.mark.parametrize("size", [1, 2, 5, 9])
@quick
@given(text=texts)
@example(text="a<br />b <br />c")
@example(text="<BR />" * 5)
def test_blocks_are_the_text_and_split_no_word(size, text):
    before, document.BLOCK = document.BLOCK, size
    try:
        whole = Document.of_text("t", text)
        assert b"".join(whole.raw()) == text.encode()
        assert "".join(whole.blocks()) == text
        assert in_blocks(whole) == tokens(text)
    finally:
        document.BLOCK = before


@quick
@given(texts, st.floats(0.01, 0.9), st.floats(0.01, 0.9))
@example("a<br />b", 0.5, 0.25)
@example("", 0.5, 0.25)
def test_parts_by_position_are_the_text_and_split_no_word(text, first, second):
    whole = Document.of_text("t", text)
    parts = whole.cut([first, (1 - first) * second, (1 - first) * (1 - second)])
    assert len(parts) == 3
    assert "".join(block for part in parts for block in part.blocks()) == text
    assert [token for part in parts for token in in_blocks(part)] == tokens(text)


def test_parts_by_position_by_hand():
    # Eleven bytes; 60 % of them end within "ccc", which the first part keeps.
    parts = Document.of_text("t", "aa bb ccc d").cut([0.6, 0.3, 0.1])
    assert ["".join(part.blocks()) for part in parts] == ["aa bb ccc ", "d", ""]
    assert [(part.start, part.end) for part in parts] == [(0, 10), (10, 11), (11, 11)]
    assert [part.size() for part in parts] == [10, 1, 0]


def test_a_part_can_be_cut_again():
    middle = Document.of_text("t", "aa bb cc dd ee ff").cut([0.3, 0.5, 0.2])[1]
    assert "".join("".join(part.blocks()) for part in middle.cut([0.5, 0.5])) == "cc dd ee "


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path, small):
    path = tmp_path / "windows.txt"
    path.write_bytes(b"\xef\xbb\xbfthe end\r\n\xef\xbb\xbfof it")  # as two files joined
    for encoding in ("utf-8", None):
        assert in_blocks(Document.of_file(path, encoding)) == ["the", "end", "of", "it"]


def test_bytes_of_another_encoding_are_named_with_their_place(tmp_path, small):
    path = tmp_path / "old.txt"
    path.write_bytes("one two caf\xe9 x".encode("latin-1"))
    with pytest.raises(BakeoffError, match=r"old.txt is not utf-8: byte 0xe9 at 11; .*latin-1"):
        list(Document.of_file(path, "utf-8").blocks())
    assert in_blocks(Document.of_file(path, "latin-1")) == ["one", "two", "café", "x"]


def test_a_binary_file_is_no_text(tmp_path, small):
    path = tmp_path / "picture.txt"
    path.write_bytes(b"GIF89a is it\0\0")
    with pytest.raises(BakeoffError, match=r"not a text: it holds a zero byte at 12; .*as UTF-8"):
        list(Document.of_file(path, "utf-8").blocks())


def test_a_file_that_is_gone_is_named(tmp_path):
    gone = Document.of_file(tmp_path / "gone.txt", "utf-8")
    with pytest.raises(BakeoffError, match=r"cannot read .*gone.txt: No such file"):
        list(gone.blocks())
    with pytest.raises(BakeoffError, match=r"cannot read .*gone.txt: No such file"):
        gone.cut([0.5, 0.5])


def test_the_encoding_of_a_file_is_found_and_remarked(tmp_path, small):
    path = tmp_path / "old.txt"
    path.write_bytes("one café “x”".encode("cp1252"))
    found = Document.of_file(path, None)
    assert (in_blocks(found), found.encoding) == (["one", "café", "“x”"], "cp1252")
    assert found.remarks[0].startswith("read as cp1252, because it is not UTF-8")
    assert Document.of_file(path, "cp1252").remarks == ()
    with pytest.raises(BakeoffError, match=r"cannot read .*gone.txt: No such file"):
        Document.of_file(tmp_path / "gone.txt", None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "cp037"])
def test_a_text_with_wide_spaces_is_read_and_cut_like_others(tmp_path, small, encoding):
    path = tmp_path / "wide.txt"
    text = "one two\r\nthree é four"
    path.write_bytes(text.encode(encoding))
    found = Document.of_file(path, encoding)
    assert "".join(found.blocks()) == text
    assert found.size() == len(text.encode())
    assert ["".join(part.blocks()) for part in found.cut([0.5, 0.5])] == [
        "one two\r\nthree ",
        "é four",
    ]


def test_half_a_character_of_a_wide_encoding_is_named(tmp_path):
    path = tmp_path / "wide.txt"
    path.write_bytes("one".encode("utf-16") + b"x")
    with pytest.raises(BakeoffError, match=r"wide.txt is not utf-16: .*truncated data; save it as"):
        list(Document.of_file(path, "utf-16").blocks())


@pytest.mark.parametrize("size", [3, 10, 1 << 24])
@pytest.mark.parametrize("before", ["", " ", "a ", "aaaa\t", "aaaaaaaaa ", "a\r\naa\f"])
def test_a_word_that_is_too_long_is_refused_with_its_place(monkeypatch, size, before):
    monkeypatch.setattr(document, "BLOCK", size)
    monkeypatch.setattr(document, "LONGEST", 10)
    for after in ("", " ", " b c d", "\nb"):
        fits = Document.of_text("t", before + "x" * 10 + after)
        assert "".join(fits.blocks()) == before + "x" * 10 + after
        for more in (1, 7, 90):
            long = Document.of_text("t", before + "x" * (10 + more) + after)
            with pytest.raises(BakeoffError, match=rf"10 bytes .* begin at {len(before)} \(b'xxx"):
                list(long.raw())


def test_fifty_megabytes_without_a_space_are_refused_before_they_are_in_memory(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"a word " + b"x" * 50_000_000)
    opened, read = Document.of_file(path, "utf-8"), []

    class Counted(io.FileIO):
        def read(self, size: int = -1) -> bytes:
            read.append(size)
            return super().read(size)

    counted = replace(opened, open=lambda: Counted(path))
    with pytest.raises(BakeoffError, match="more than 100,000 bytes without white space"):
        list(counted.blocks())
    assert sum(read) == document.BLOCK


def test_a_place_to_cut_in_a_long_word_is_found(monkeypatch):
    monkeypatch.setattr(document, "PAGE", 7)
    whole = Document.of_text("t", "a " + "x" * 40 + "<br />c d")
    assert ["".join(part.blocks()) for part in whole.cut([0.5, 0.5])] == [
        "a " + "x" * 40 + "<br />c ",
        "d",
    ]
    whole = Document.of_text("t", "a " + "x" * 40)
    assert [part.size() for part in whole.cut([0.5, 0.5])] == [42, 0]


def test_many_open_breaks_take_no_quadratic_time():
    text = "<br " * 2_000_000
    assert "".join(Document.of_text("t", text).blocks()) == text


def test_open_breaks_without_end_are_not_held_together(monkeypatch):
    monkeypatch.setattr(document, "BLOCK", 1000)
    monkeypatch.setattr(document, "LONGEST", 100)
    text = "<br " * 5000
    found = list(Document.of_text("t", text).blocks())
    assert "".join(found) == text
    assert max(map(len, found)) <= 2000
