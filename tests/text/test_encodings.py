"""The encoding of a file: what is found, what is said, and what is left to an error."""

import codecs
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.text import encodings
from bakeoff.text.encodings import as_utf_8, check_encoding, find_encoding, has_wide_spaces

ENGLISH = "It was a dark and stormy night; the rain fell in torrents, said René. "
HEADER = "Title: A Night\n\nCharacter set encoding: {}\n\n"


@pytest.fixture(params=[1 << 20, 3, 50])
def read(request, monkeypatch) -> None:
    """Read in blocks of these sizes."""
    monkeypatch.setattr(encodings, "READ", request.param)


def found(content: bytes) -> tuple[str, str]:
    return find_encoding(BytesIO(content))


@pytest.mark.parametrize(
    "text", ["", "plain", ENGLISH, "漢字", "Привет", "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 60]
)
def test_utf_8_is_found_and_not_remarked(read, text):
    assert found(text.encode()) == ("utf-8", "")


def test_a_byte_order_mark_decides():
    assert found(codecs.BOM_UTF8 + b"caf\xe9") == ("utf-8", "")  # reading names the byte
    for name, mark in (("16", codecs.BOM_UTF16_LE), ("32", codecs.BOM_UTF32_LE)):
        assert found(mark + ENGLISH.encode(f"utf-{name}-le"))[0] == f"utf-{name}"
    for name, mark in (("16", codecs.BOM_UTF16_BE), ("32", codecs.BOM_UTF32_BE)):
        content = mark + ENGLISH.encode(f"utf-{name}-be")
        assert found(content) == (f"utf-{name}", f"read as utf-{name}, by its first bytes")


def test_western_texts_without_a_declaration_are_cp1252_or_latin_1(read):
    encoding, remark = found((ENGLISH + "“€”").encode("cp1252"))
    assert encoding == "cp1252"
    assert remark == (
        "read as cp1252, because it is not UTF-8 and names no encoding; if that is wrong, set "
        "data.corpus.source.encoding"
    )
    assert found(ENGLISH.encode("latin-1"))[0] == "cp1252"  # the same letters
    assert found((ENGLISH + "\x81").encode("latin-1"))[0] == "latin-1"


@pytest.mark.parametrize("name", ["ISO-8859-2", "cp1250", "Windows-1252", "mac-roman"])
def test_the_declared_encoding_is_read(name):
    content = (HEADER.format(name) + ENGLISH).encode(name)
    assert found(content) == (name, f"read as {name}, as its header says")


@pytest.mark.parametrize(
    "name", ["ASCII", "ISO Latin-1", "x-klingon", "UTF-8", "utf-16-le", "hex", "\xff"]
)
def test_a_declaration_that_does_not_fit_is_not_believed(name):
    content = (HEADER.format(name) + ENGLISH).encode("latin-1")
    assert found(content)[0] == "cp1252"
    assert found(content + b" ")[0] == "cp1252"  # one of the two has an even number of bytes


def test_latin_1_with_the_quotes_of_cp1252_is_cp1252():
    content = (HEADER.format("ISO-8859-1") + ENGLISH).encode("latin-1")
    assert found(content)[0] == "ISO-8859-1"
    assert found(content + b"\x93What?\x94")[0] == "cp1252"


def test_utf_8_is_seen_whatever_the_header_says():
    assert found((HEADER.format("ISO-8859-1") + ENGLISH).encode()) == ("utf-8", "")


@pytest.mark.parametrize(
    "content",
    [
        ("é" * 5 + ENGLISH).encode() + b"\xe9 \xe9",  # damaged UTF-8
        ("é" * 5 + ENGLISH).encode()[:-1] + b"\xc3",
        "Мы все учились понемногу".encode("cp1251"),
        "Мы все учились понемногу".encode("koi8-r"),
        "漢字かな交じり文".encode("shift-jis"),
    ],
)
def test_what_no_western_encoding_explains_is_read_as_utf_8_so_that_the_byte_is_named(
    read, content
):
    assert found(content) == ("utf-8", "")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=40))
def test_the_found_encoding_reads_the_file_or_is_utf_8(content):
    encoding, _ = found(content)
    if encoding != "utf-8" and not has_wide_spaces(encoding):
        assert content.decode(encoding).encode(encoding) == content


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "ascii", "koi8-r", "utf-16"])
def test_an_encoding_of_python_serves(encoding):
    assert check_encoding(encoding) == encoding


def test_the_windows_form_of_utf_8_is_utf_8():
    assert check_encoding("utf-8-sig") == check_encoding("UTF_8_SIG") == "utf-8"


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "", 8, "a\0b"])
def test_an_unknown_encoding_is_named(encoding):
    with pytest.raises(BakeoffError, match=r"encoding is .*, which Python does not know"):
        check_encoding(encoding)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp037"])
def test_wide_texts_are_converted(read, tmp_path, encoding):
    path = tmp_path / "wide.txt"
    text = "one\r\ntwo é 漢" if encoding != "cp037" else "one\r\ntwo é"
    path.write_bytes(text.encode(encoding))
    assert has_wide_spaces(encoding)
    with as_utf_8(path, encoding) as file:
        assert file.read() == text.encode()


def test_spaces_of_a_single_byte_are_not_wide():
    assert not any(map(has_wide_spaces, ["utf-8", "latin-1", "cp1252", "shift-jis"]))
