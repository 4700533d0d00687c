"""A text that is read in blocks, so that its size does not matter."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from bakeoff.errors import BakeoffError
from bakeoff.text.encodings import as_utf_8, find_encoding, has_wide_spaces

BLOCK = 1 << 24  # bytes in memory at a time
LONGEST = 100_000  # bytes of a word
PAGE = 1 << 16  # bytes searched at a time for the end of a word
SPACES = b" \n\t\r\f\v"
SPACE = re.compile(rb"[%b]" % SPACES)
OPEN_BREAK = b"<br "  # of `<br />`, the one mark with a space in it: no cut goes through it
BORDER = re.compile(rb"(?<!<br) |[\n\t\r\f\v]", re.IGNORECASE)  # white space outside that mark


@dataclass(frozen=True)
class Document:
    """The bytes from `start` to `end` (None: the end) of what `open` opens, as text in `encoding`.

    `remarks` tell a user what was done to the text, and what was guessed about it.
    """

    name: str
    open: Callable[[], BinaryIO]
    encoding: str
    start: int = 0
    end: int | None = None
    remarks: tuple[str, ...] = ()

    @classmethod
    def of_file(cls, path: Path, encoding: str | None) -> "Document":
        """A whole file. None finds its encoding. Raises BakeoffError where the file cannot be read."""
        remark = ""
        if encoding is None:
            with _readable(str(path)), path.open("rb") as file:
                encoding, remark = find_encoding(file)
        opened = partial(path.open, "rb")
        if has_wide_spaces(encoding):
            opened, encoding = partial(as_utf_8, path, encoding), "utf-8"
        return cls(str(path), opened, encoding, remarks=(remark,) if remark else ())

    @classmethod
    def of_text(cls, name: str, text: str) -> "Document":
        """A text in memory."""
        return cls(name, partial(io.BytesIO, text.encode()), "utf-8")

    def raw(self) -> Iterator[bytes]:
        """The bytes in blocks that end at white space.

        Raises BakeoffError where they cannot be read, or hold a word of more than LONGEST bytes.
        """
        with _readable(self.name), self.open() as file:
            file.seek(self.start)
            left = float("inf") if self.end is None else self.end - self.start
            position, rest = self.start, b""
            while left > 0 and (block := file.read(int(min(BLOCK, left)))):
                left -= len(block)
                block = rest + block
                self._refuse_long_word(block, position)
                cut = _last_border(block)
                yield block[:cut]
                position, rest = position + cut, block[cut:]
            yield rest

    def blocks(self) -> Iterator[str]:
        """The text in blocks that end at white space. Raises BakeoffError as `raw`, and where the bytes
        are no text in this encoding.
        """
        position = self.start
        for block in self.raw():
            if b"\0" in block:
                at = position + block.index(b"\0")
                raise BakeoffError(
                    f"{self.name} is not a text: it holds a zero byte at {at:,}; expected plain text: "
                    "save it as UTF-8 (UTF-16 without a byte order mark has zero bytes), or remove it"
                )
            try:
                text = block.decode(self.encoding)
            except UnicodeDecodeError as error:
                raise BakeoffError(
                    f"{self.name} is not {self.encoding}: byte 0x{block[error.start]:02x} at "
                    f"{position + error.start:,}; save it as UTF-8, or name its encoding in "
                    "data.corpus.source.encoding, such as latin-1"
                ) from None
            position += len(block)
            # A byte order mark, also in the middle, where files were joined.
            yield text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")

    def size(self) -> int:
        """Bytes from `start` to `end`. Raises BakeoffError where the document cannot be read."""
        if self.end is not None:
            return self.end - self.start
        with _readable(self.name), self.open() as file:
            return file.seek(0, io.SEEK_END) - self.start

    def cut(self, shares: list[float]) -> "list[Document]":
        """Consecutive parts of about `shares` of the bytes, cut at white space. Raises BakeoffError
        where the document cannot be read.
        """
        size, borders, done = self.size(), [self.start], 0.0
        with _readable(self.name), self.open() as file:
            for share in shares[:-1]:
                done += share
                border = _next_border(file, self.start + round(done * size))
                borders.append(max(borders[-1], min(border, self.start + size)))
        borders.append(self.start + size)
        return [replace(self, start=a, end=b) for a, b in pairwise(borders)]

    def _refuse_long_word(self, block: bytes, position: int) -> None:
        """Look for white space in parts of LONGEST / 2 bytes: a longer word leaves one part without any."""
        for start in range(0, len(block), LONGEST // 2):
            if SPACE.search(block, start, start + LONGEST // 2):
                continue
            begin = _word_start(block, start)
            if len(block) - begin > LONGEST and not SPACE.search(block, begin, begin + LONGEST + 1):
                raise BakeoffError(
                    f"{self.name} is not a text of words: more than {LONGEST:,} bytes without white space "
                    f"begin at {position + begin:,} ({block[begin : begin + 20]!r} ...); remove them, or "
                    "put spaces between the words"
                )


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BakeoffError(f"cannot read {name}: {error.strerror}") from None


def _word_start(block: bytes, position: int) -> int:
    """The start of the word at `position`, but at most LONGEST bytes before it."""
    first = max(0, position - LONGEST)
    return max(first, *(block.rfind(space, first, position) + 1 for space in SPACES))


def _last_border(block: bytes) -> int:
    """Where `block` can be cut behind its last line end, or else its last space; 0 where it has none."""
    last = cut = block.rfind(b"\n") + 1 or block.rfind(b" ") + 1
    while block[max(0, cut - len(OPEN_BREAK)) : cut].lower() == OPEN_BREAK:
        cut = block.rfind(b" ", 0, cut - 1) + 1
        if last - cut > LONGEST:  # of so many open marks none is one
            return last
    return cut


def _next_border(file: BinaryIO, position: int) -> int:
    """The first place from `position` on, in bytes, that is behind white space, or the end."""
    while True:
        start = max(0, position - len(OPEN_BREAK))
        file.seek(start)
        block = file.read(PAGE)
        if found := BORDER.search(block, position - start):
            return start + found.end()
        if len(block) < PAGE:
            return start + len(block)
        position = start + len(block)
