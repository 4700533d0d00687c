"""Project Gutenberg's header and licence around a book: found by the lines that mark them, cut off."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from bakeoff.text.document import Document

# Today's lines and older ones. A long title continues in the next lines.
START = (
    rb"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG E(?:BOOK|TEXT)"
    rb"[^*\r\n]*(?:\r?\n[^*\r\n]+){0,2}\*\*\*(?=[ \t\r]*$)"
)
END = (
    rb"^(?:End of (?:the )?Project Gutenberg(?:'|\xe2\x80\x99|\x92)?s? (?:[^\r\n]+\r?\n){1,3}\s*)?"
    rb"\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG E(?:BOOK|TEXT)"
)
MARK = re.compile(b"(?P<START>%b)|(?P<END>%b)" % (START, END), re.IGNORECASE | re.MULTILINE)
NAMES = (b"Project Gutenberg", b"PROJECT GUTENBERG")
LONGEST = 1 << 12  # bytes of a mark, at the most


class Mark(NamedTuple):
    """Bytes from `start` to `end` that mark the START or the END of a book."""

    kind: str
    start: int
    end: int


def marks(content: bytes) -> list[Mark]:
    """All marks, in their order."""
    if not any(name in content for name in NAMES):  # much faster than the expression
        return []
    return [Mark(found.lastgroup, *found.span()) for found in MARK.finditer(content)]


def without_licence(document: Document) -> list[Document]:
    """`document` without header and licence: a document for each pair of marks, for a file may hold
    several books.

    A document whose marks are no pairs is left as it is. What was done, or why not, is added to its
    remarks. Raises BakeoffError where the document cannot be read.
    """
    found, named = _search(document)
    if not found and not named:
        return [document]
    kinds = [mark.kind for mark in found]
    if kinds != ["START", "END"] * (len(found) // 2) or not found:
        return [_with_remark(document, _left(kinds))]
    spans = [(start.end, end.start) for start, end in list(pairwise(found))[::2]]
    cut = document.size() - sum(end - start for start, end in spans)
    said = _with_remark(
        document,
        f"cut off the header and licence of Project Gutenberg ({cut:,} of {document.size():,} bytes); "
        "data.corpus.source.strip=false keeps them",
    )
    return [replace(said, start=start, end=end) for start, end in spans]


def _search(document: Document) -> tuple[list[Mark], bool]:
    """The marks, by their places in the file, and whether Project Gutenberg is named at all."""
    found: list[Mark] = []
    named, rest, position = False, b"", document.start
    for block in document.raw():
        window, offset = rest + block, position - len(rest)
        named = named or any(name in window for name in NAMES)
        known = found[-1].end if found else 0  # what ends in `rest` was seen in the window before
        found += [
            Mark(kind, offset + start, offset + end)
            for kind, start, end in marks(window)
            if offset + end > known
        ]
        position += len(block)
        rest = window[-LONGEST:]  # a mark may begin in one block and end in the next
    return found, named


def _left(kinds: list[str]) -> str:
    if not kinds:
        has = "names Project Gutenberg, but has no lines '*** START OF THE PROJECT GUTENBERG EBOOK' and END"
    elif len(kinds) == 1:
        missing = "END" if kinds == ["START"] else "START"
        has = f"has a line '*** {kinds[0]} OF THE PROJECT GUTENBERG EBOOK', but none with {missing}"
    else:
        has = (
            f"has the lines {', '.join(kinds)} of Project Gutenberg, expected START and END in turn"
        )
    return f"{has}: nothing is cut off"


def _with_remark(document: Document, remark: str) -> Document:
    return replace(document, remarks=(*document.remarks, remark))
