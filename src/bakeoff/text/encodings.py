"""The encoding of a text file: found for each file, or fixed by its name."""

import codecs
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bakeoff.errors import BakeoffError

READ = 1 << 20  # bytes, or characters, in memory at a time
# The four bytes of UTF-32 come first: they begin with the two of UTF-16.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Project Gutenberg's older headers name an encoding.
DECLARED = re.compile(rb"^Character set encoding:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
# Control characters beside the line break NEL: texts hold none, bytes read by a wrong encoding do.
CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
HIGH, WHITE = bytes(range(128, 256)), b" \n\t\r\f\v"
WESTERN = 0.3  # the largest share of bytes above 127 in a text of mostly Latin letters


def find_encoding(file: BinaryIO) -> tuple[str, str]:
    """The encoding of `file`, and a remark that says how it was found ("" for UTF-8).

    The first that fits: the encoding of a byte order mark (UTF-8, UTF-16, UTF-32); UTF-8; the encoding
    that a header of Project Gutenberg names; cp1252; latin-1. cp1252 and latin-1 fit Western texts
    only, and not a file with more valid than invalid UTF-8 in it. Where nothing fits, the answer is UTF-8:
    reading by it names the first wrong byte.
    """
    file.seek(0)
    beginning = file.read(READ)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if beginning.startswith(mark):
            return (
                encoding,
                "" if encoding == "utf-8" else f"read as {encoding}, by its first bytes",
            )
    if _decodes(file, "utf-8"):
        return "utf-8", ""
    if (header := DECLARED.search(beginning)) and _fits(file, header[1].decode("ascii", "replace")):
        encoding = header[1].decode()
        return encoding, f"read as {encoding}, as its header says"
    if not _is_western(file) or _is_damaged_utf_8(file):
        return "utf-8", ""
    found = "cp1252" if _fits(file, "cp1252") else "latin-1"
    return found, (
        f"read as {found}, because it is not UTF-8 and names no encoding; if that is wrong, set "
        "data.corpus.source.encoding"
    )


def check_encoding(encoding: str) -> str:
    """The encoding to read by. Raises BakeoffError where Python knows none of that name."""
    try:
        if codecs.lookup(encoding).name == "utf-8-sig":
            return "utf-8"  # reading removes the mark at the beginning anyway
        " \n".encode(encoding)
    except (LookupError, ValueError, TypeError):
        raise BakeoffError(
            f"data.corpus.source.encoding is {encoding!r}, which Python does not know: expected a name "
            "such as utf-8, utf-16, latin-1 or cp1252, or null to find the encoding of each file"
        ) from None
    return encoding


def has_wide_spaces(encoding: str) -> bool:
    """Whether white space differs from ASCII's bytes, so that a file cannot be read in blocks as it is."""
    return " \n".encode(encoding) != b" \n"


def as_utf_8(path: Path, encoding: str) -> BinaryIO:
    """A temporary file with the text of `path` in UTF-8. Raises BakeoffError where it is no such text."""
    converted = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        with path.open(encoding=encoding, newline="") as text:
            while block := text.read(READ):
                converted.write(block.encode())
    except UnicodeError as error:
        converted.close()
        reason = getattr(error, "reason", error)
        raise BakeoffError(
            f"{path} is not {encoding}: {reason}; save it as UTF-8, or name its encoding in "
            "data.corpus.source.encoding"
        ) from None
    converted.seek(0)
    return converted


def _texts(file: BinaryIO, encoding: str, errors: str) -> Iterator[str]:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    while block := file.read(READ):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    try:
        for _ in _texts(file, encoding, "strict"):
            pass
    except UnicodeError:
        return False
    return True


def _fits(file: BinaryIO, encoding: str) -> bool:
    """Whether all bytes decode, and none to a control character."""
    try:
        if has_wide_spaces(check_encoding(encoding)):
            return False  # the header that names it was read as ASCII
        return not any(CONTROLS.search(text) for text in _texts(file, encoding, "strict"))
    except (UnicodeError, BakeoffError):
        return False


def _is_western(file: BinaryIO) -> bool:
    high = total = 0
    file.seek(0)
    while block := file.read(READ):
        black = block.translate(None, WHITE)
        total += len(black)
        high += len(black) - len(black.translate(None, HIGH))
    return high <= WESTERN * total


def _is_damaged_utf_8(file: BinaryIO) -> bool:
    """Whether more characters above 127 are valid UTF-8 than are not: in other encodings few are."""
    valid = wrong = 0
    for text in _texts(file, "utf-8", "replace"):
        replaced = text.count("\N{REPLACEMENT CHARACTER}")
        wrong += replaced
        valid += len(text) - len(text.encode("ascii", "ignore")) - replaced
    return valid > wrong
