"""Files in a folder or a tar archive, by relative path: listed first, read in order later."""

import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from bakeoff.errors import BakeoffError
from bakeoff.store.digest import digest, file_digest

Parts = tuple[str, ...]  # of a path
MOST_BYTES = 1 << 28  # of one file in an archive: larger than any image that is decoded
MOST_HEADER = 1 << 20  # of a header with a long name
FREE_BYTES, RATIO = 1 << 30, 100  # unpacked: this much, or so many times the archive's size
LONG_NAMES = (
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE),
    tarfile.SOLARIS_XHDTYPE,
)


class FileTree(Protocol):
    """`folders` and `files` by the parts of their paths."""

    folders: list[Parts]
    files: list[Parts]
    digest: str  # another content gives another

    def contents(self) -> Iterator[tuple[Parts, bytes]]:
        """Every file's path and content."""


def open_tree(path: Path) -> FileTree:
    """The files of a folder or a tar archive (plain or compressed). Raises BakeoffError."""
    if path.is_dir():
        return FolderFiles(path)
    if path.is_file():
        return ArchiveFiles(path)
    raise BakeoffError(
        f"no folder or archive of images at {path.absolute()}: expected a folder with one sub-folder per "
        "class, or a .tar.gz of one; say where it is with data.source.path=PLACE"
    )


class FolderFiles:
    """Files of a folder; their sizes and times stand for their content."""

    def __init__(self, path: Path) -> None:
        self.path = path
        found = sorted(p for p in path.rglob("*") if _visible(p.relative_to(path).parts))
        self.folders = [p.relative_to(path).parts for p in found if p.is_dir()]
        files = [p for p in found if p.is_file()]
        self.files = [p.relative_to(path).parts for p in files]
        stats = [p.stat() for p in files]
        self.digest = digest(
            [[parts, s.st_size, s.st_mtime_ns] for parts, s in zip(self.files, stats, strict=True)]
        )

    def contents(self) -> Iterator[tuple[Parts, bytes]]:
        """Every file's path and content."""
        for parts in self.files:
            try:
                yield parts, self.path.joinpath(*parts).read_bytes()
            except OSError as error:
                raise BakeoffError(
                    f"cannot read {self.path.joinpath(*parts)}: {error.strerror}; allow it or remove it"
                ) from None


class ArchiveFiles:
    """Files of a tar archive, read in one pass, never written to disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = file_digest(path)
        found = [(parts, content is None) for parts, content in self._walk(read=False)]
        self.files = [parts for parts, is_folder in found if not is_folder]
        # An archive need not list the folders that its files are in.
        folders = {parts for parts, is_folder in found if is_folder}
        folders |= {parts[:i] for parts in self.files for i in range(1, len(parts))}
        self.folders = sorted(folders)

    def contents(self) -> Iterator[tuple[Parts, bytes]]:
        """Every file's path and content."""
        for parts, content in self._walk(read=True):
            if content is not None:
                yield parts, content

    def _walk(self, read: bool) -> Iterator[tuple[Parts, bytes | None]]:
        """Every member's path, with a file's content (empty where not asked for), None of a folder."""
        try:
            with tarfile.open(self.path, tarinfo=_Header) as archive:
                left = max(FREE_BYTES, RATIO * self.path.stat().st_size)
                for member in archive:
                    self._bound(member)
                    left -= member.size
                    if left < 0:
                        raise BakeoffError(
                            f"{self.path} grows to more than {RATIO} times its size: expected images"
                        )
                    parts = tuple(
                        p for p in PurePosixPath(member.name).parts if p not in ("/", "..")
                    )
                    if member.isdir() and _visible(parts):
                        yield parts, None
                    elif member.isfile() and _visible(parts):
                        yield parts, archive.extractfile(member).read() if read else b""
                archive.fileobj.read()  # to the checksum, which a compressed file has at its end
        except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
            raise BakeoffError(
                f"{self.path} is not a whole tar archive ({error}): expected a .tar or .tar.gz of a "
                "folder with one sub-folder per class; pack or fetch it again"
            ) from None

    def _bound(self, member: tarfile.TarInfo) -> None:
        if member.size > MOST_BYTES:
            raise BakeoffError(
                f"{self.path}: {member.name[:200]!r} has {member.size:,} bytes: expected images of at most "
                f"{MOST_BYTES:,}"
            )


class _Header(tarfile.TarInfo):
    """A header of bounded size: tarfile reads one with a long name whole."""

    @classmethod
    def frombuf(cls, buf: bytes, encoding: str, errors: str) -> tarfile.TarInfo:
        found = super().frombuf(buf, encoding, errors)
        if found.type in LONG_NAMES and found.size > MOST_HEADER:
            raise tarfile.ReadError(f"a header of {found.size:,} bytes")
        return found


def _visible(parts: Parts) -> bool:
    return bool(parts) and not any(part.startswith((".", "__MACOSX")) for part in parts)
