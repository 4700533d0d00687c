"""Books of Project Gutenberg by number, without the header and the licence around them."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

from bakeoff.data.download.small_file import read_any
from bakeoff.errors import BakeoffError
from bakeoff.store import atomic
from bakeoff.text.document import Document, check_encoding
from bakeoff.text.sources import Documents, refuse_twice

ADDRESSES = (
    "https://www.gutenberg.org/cache/epub/{0}/pg{0}.txt",
    "https://www.gutenberg.org/files/{0}/{0}-0.txt",
)
# The lines that Project Gutenberg puts around every book, today's and older ones.
START = re.compile(
    rb"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG E(?:BOOK|TEXT)"
    rb"[^*\r\n]*(?:\r?\n[^*\r\n]+){0,2}\*\*\*(?=[ \t\r]*$)",  # a long title goes on in the next lines
    re.IGNORECASE | re.MULTILINE,
)
END = re.compile(
    rb"^(?:End of (?:the )?Project Gutenberg'?s? (?:[^\r\n]+\r?\n){1,3}\s*)?"
    rb"\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG E(?:BOOK|TEXT)",
    re.IGNORECASE | re.MULTILINE,
)
CHARSET = re.compile(rb"^Character set encoding:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
NUMBER = re.compile(rb"\[E(?:Book|Text) #\s*(\d+)\]", re.IGNORECASE)


class Gutenberg:
    """Books by their numbers at Project Gutenberg, fetched once, checked and kept below `root`."""

    def __init__(
        self, root: str, train: Sequence[int], val: Sequence[int], test: Sequence[int]
    ) -> None:
        self.root = Path(root)
        self.numbers: Mapping[str, Sequence[int]] = {"train": train, "val": val, "test": test}
        for split, numbers in self.numbers.items():
            wrong = [n for n in numbers if not isinstance(n, int) or n < 1]
            if wrong or not numbers:
                raise BakeoffError(
                    f"data.corpus.source.{split} is {list(numbers)}: expected numbers of books at "
                    "Project Gutenberg, such as [1661]"
                )

    def documents(self) -> Documents:
        """Raises BakeoffError for a book named twice, not fetched, or without the expected header."""
        refuse_twice([number for numbers in self.numbers.values() for number in numbers])
        return {
            split: [book(number, self.root) for number in numbers]
            for split, numbers in self.numbers.items()
        }


def book(number: int, root: Path) -> Document:
    """One book, fetched where it is not below `root` yet. Raises BakeoffError."""
    path = root / "gutenberg" / f"pg{number}.txt"
    kept = path.is_file()
    addresses = [address.format(number) for address in ADDRESSES]
    try:
        content = path.read_bytes() if kept else read_any(f"gutenberg/{path.name}", addresses)
    except OSError as error:
        raise BakeoffError(f"cannot read {path}: {error.strerror}; allow or remove it") from None
    name = f"{path} (remove it to fetch it again)" if kept else path.name
    start, end, encoding = stripped(content, name, number)
    if not kept:
        atomic.write_bytes(path, content)
    return Document(str(path), partial(BytesIO, content), encoding, start, end)


def stripped(content: bytes, name: str, number: int) -> tuple[int, int, str]:
    """Where the book's own text starts and ends, in bytes, and how it is encoded.

    Raises BakeoffError where the lines around the text are missing, or the header is another book's.
    """
    start = START.search(content)
    end = END.search(content, start.end()) if start else None
    if start is None or end is None:
        missing = "START" if start is None else "END"
        raise BakeoffError(
            f"{name} has no line '*** {missing} OF THE PROJECT GUTENBERG EBOOK': expected a plain text "
            "of Project Gutenberg with its header and licence; for other texts use data/text/folder"
        )
    header = content[: start.start()]
    named = NUMBER.search(header)
    if named and int(named[1]) != number:
        raise BakeoffError(f"{name} is book {int(named[1])} by its header: expected {number}")
    return start.end(), end.start(), _encoding(content, header)


def _encoding(content: bytes, header: bytes) -> str:
    """UTF-8 where the bytes are, whatever the header says; else what it says; and Latin-1, in which old
    books are written, where it says nothing, or what the bytes are not, such as ASCII.
    """
    said = CHARSET.search(header)
    for encoding in ("utf-8", said[1].decode("ascii", "replace") if said else "latin-1"):
        try:
            content.decode(check_encoding(encoding))
            return encoding
        except (UnicodeDecodeError, BakeoffError):
            continue
    return "latin-1"
