"""Documents in pieces: nothing is lost, no word is split."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.text import document
from bakeoff.text.document import Document, check_encoding
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
    path.write_bytes(b"\xef\xbb\xbfthe end\r\nof it")
    assert in_blocks(Document.of_file(path, "utf-8")) == ["the", "end", "of", "it"]


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


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "ascii", "koi8-r"])
def test_encodings_with_a_space_of_one_byte_serve(encoding):
    assert check_encoding(encoding) == encoding


def test_the_windows_form_of_utf_8_is_utf_8():
    assert check_encoding("utf-8-sig") == check_encoding("UTF_8_SIG") == "utf-8"


@pytest.mark.parametrize("encoding", ["klingon", "rot13", ""])
def test_an_unknown_encoding_is_named(encoding):
    with pytest.raises(BakeoffError, match=r"encoding is .*, which Python does not know"):
        check_encoding(encoding)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-le", "cp037"])
def test_an_encoding_of_wide_spaces_is_refused(encoding):
    with pytest.raises(BakeoffError, match="expected one that writes a space as a single byte"):
        check_encoding(encoding)
