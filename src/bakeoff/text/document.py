"""A text that is read piece by piece, so that its size does not matter."""

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from bakeoff.errors import BakeoffError

BLOCK = 1 << 24  # bytes in memory at a time
SPACES = b" \n\t\r\f\v"
OPEN_BREAK = b"<br "  # of `<br />`, the one mark with a space in it: no cut goes through it


@dataclass(frozen=True)
class Document:
    """The bytes from `start` to `end` (None: the end) of what `open` opens, as text in `encoding`."""

    name: str
    open: Callable[[], BinaryIO]
    encoding: str
    start: int = 0
    end: int | None = None

    @classmethod
    def of_file(cls, path: Path, encoding: str) -> "Document":
        """A whole file."""
        return cls(str(path), partial(path.open, "rb"), encoding)

    @classmethod
    def of_text(cls, name: str, text: str) -> "Document":
        """A text in memory."""
        return cls(name, partial(io.BytesIO, text.encode()), "utf-8")

    def raw(self) -> Iterator[bytes]:
        """The bytes in blocks that end at white space. Raises BakeoffError where they cannot be read."""
        try:
            with self.open() as file:
                file.seek(self.start)
                left = float("inf") if self.end is None else self.end - self.start
                rest = b""
                while left > 0 and (block := file.read(int(min(BLOCK, left)))):
                    left -= len(block)
                    block = rest + block
                    cut = _last_border(block)
                    yield block[:cut]
                    rest = block[cut:]
                yield rest
        except OSError as error:
            raise BakeoffError(f"cannot read {self.name}: {error.strerror}") from None

    def blocks(self) -> Iterator[str]:
        """The text in blocks that end at white space. Raises BakeoffError where it is no text."""
        position = self.start
        for block in self.raw():
            if b"\0" in block:
                at = position + block.index(b"\0")
                raise BakeoffError(
                    f"{self.name} is not a text: it holds a zero byte at {at:,}; expected plain text: "
                    "save it as UTF-8 (UTF-16 has zero bytes), or remove it"
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
            yield text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")  # of UTF-8 files from Windows

    def size(self) -> int:
        """Bytes from `start` to `end`."""
        if self.end is not None:
            return self.end - self.start
        with self.open() as file:
            return file.seek(0, io.SEEK_END) - self.start

    def cut(self, shares: list[float]) -> "list[Document]":
        """Consecutive parts of about `shares` of the bytes, cut at white space. Raises BakeoffError
        where they cannot be read.
        """
        try:
            size, borders, done = self.size(), [self.start], 0.0
            with self.open() as file:
                for share in shares[:-1]:
                    done += share
                    border = _next_border(file, self.start + round(done * size))
                    borders.append(max(borders[-1], min(border, self.start + size)))
        except OSError as error:
            raise BakeoffError(f"cannot read {self.name}: {error.strerror}") from None
        borders.append(self.start + size)
        return [replace(self, start=a, end=b) for a, b in pairwise(borders)]


def _last_border(block: bytes) -> int:
    """Where `block` can be cut behind its last white space; 0 where it has none."""
    cut = max(block.rfind(space) for space in (b"\n", b" ")) + 1
    while block[:cut][-len(OPEN_BREAK) :].lower() == OPEN_BREAK:
        cut = max(block.rfind(space, 0, cut - 1) for space in (b"\n", b" ")) + 1
    return cut


def _next_border(file: BinaryIO, position: int) -> int:
    """The first place from `position` on, in bytes, that is behind white space, or the end."""
    start = max(0, position - len(OPEN_BREAK) + 1)
    file.seek(start)
    read = file.read(position - start)
    while (byte := file.read(1)) and (
        byte not in SPACES or (read + byte)[-len(OPEN_BREAK) :].lower() == OPEN_BREAK
    ):
        read = (read + byte)[-len(OPEN_BREAK) :]
    return file.tell()


def check_encoding(encoding: str) -> str:
    """The encoding to read by. Raises BakeoffError where Python knows none of that name, or where its white
    space is not that of ASCII, so that a file cannot be read in blocks.
    """
    try:
        if codecs.lookup(encoding).name == "utf-8-sig":
            return "utf-8"  # a mark at the beginning is taken off anyway
        readable = " \n".encode(encoding) == b" \n"
    except (LookupError, UnicodeError, TypeError):
        raise BakeoffError(
            f"data.corpus.source.encoding is {encoding!r}, which Python does not know: expected a name "
            "such as utf-8, latin-1 or cp1252"
        ) from None
    if not readable:
        raise BakeoffError(
            f"data.corpus.source.encoding is {encoding!r}: expected one that writes a space as a single "
            "byte; convert the files to UTF-8"
        )
    return encoding
