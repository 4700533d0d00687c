"""Books of Project Gutenberg by number, without the header and the licence around them."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

from bakeoff.data.download.small_file import read_any
from bakeoff.errors import BakeoffError
from bakeoff.store import atomic
from bakeoff.text.document import Document
from bakeoff.text.encodings import find_encoding
from bakeoff.text.licence import marks
from bakeoff.text.sources import Documents, refuse_twice

ADDRESSES = (
    "https://www.gutenberg.org/cache/epub/{0}/pg{0}.txt",
    "https://www.gutenberg.org/files/{0}/{0}-0.txt",
)
NUMBER = re.compile(rb"\[E(?:Book|Text) #\s*(\d+)\]", re.IGNORECASE)


class Gutenberg:
    """Books by their numbers at Project Gutenberg, downloaded once, checked and kept below `root`."""

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
        """Raises BakeoffError for a book that is named twice, cannot be downloaded, or has another header
        than expected.
        """
        refuse_twice([number for numbers in self.numbers.values() for number in numbers])
        return {
            split: [book(number, self.root) for number in numbers]
            for split, numbers in self.numbers.items()
        }


def book(number: int, root: Path) -> Document:
    """One book, downloaded where `root` does not hold it. Raises BakeoffError."""
    path = root / "gutenberg" / f"pg{number}.txt"
    kept = path.is_file()
    addresses = [address.format(number) for address in ADDRESSES]
    try:
        content = path.read_bytes() if kept else read_any(f"gutenberg/{path.name}", addresses)
    except OSError as error:
        raise BakeoffError(f"cannot read {path}: {error.strerror}; allow or remove it") from None
    name = f"{path} (remove it to fetch it again)" if kept else path.name
    start, end = text_of(content, name, number)
    if not kept:
        atomic.write_bytes(path, content)
    encoding, remark = find_encoding(BytesIO(content))
    remarks = (remark,) if remark else ()
    return Document(str(path), partial(BytesIO, content), encoding, start, end, remarks)


def text_of(content: bytes, name: str, number: int) -> tuple[int, int]:
    """The bytes where the book's own text starts and ends.

    Raises BakeoffError where the lines around the text are missing, or the header is another book's.
    """
    found = marks(content)
    start = next((mark for mark in found if mark.kind == "START"), None)
    end = next((m for m in found if m.kind == "END" and start and m.start >= start.end), None)
    if start is None or end is None:
        missing = "START" if start is None else "END"
        raise BakeoffError(
            f"{name} has no line '*** {missing} OF THE PROJECT GUTENBERG EBOOK': expected a plain text "
            "of Project Gutenberg with its header and licence; for other texts use data/text/folder"
        )
    named = NUMBER.search(content, 0, start.start)
    if named and int(named[1]) != number:
        raise BakeoffError(f"{name} is book {int(named[1])} by its header: expected {number}")
    return start.end, end.start
