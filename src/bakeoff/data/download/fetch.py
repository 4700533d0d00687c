"""Files of a data set, each fetched whole: trusted by its SHA-256 and by nothing else.

Written here because pooch 1.9 starts every attempt from the first byte, has one address per file and no
mirror in front of it, and lets two processes download the same file at once.
"""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Literal

from bakeoff.data.catalog import DataSet, RemoteFile
from bakeoff.data.download.partial_file import partial_file, size_of
from bakeoff.data.download.progress import bar
from bakeoff.data.download.source import (
    CHUNK,
    MIRROR,
    SourceError,
    bounded,
    open_source,
    read,
    sources,
)
from bakeoff.errors import BakeoffError

Status = Literal["ok", "missing", "damaged"]


def fetch(file: RemoteFile, root: Path) -> Path:
    """Return the path of `file` below `root`; download it where it is missing or damaged.

    The sources are the mirror named by the environment variable BAKEOFF_MIRROR, then `file.urls`.
    An interrupted download stays beside the destination as `<name>.part`, and the next call asks
    only for the rest. Raises BakeoffError where no source gives the right content, with the reason
    of each, and where `root` cannot be written.
    """
    destination = root / file.path
    if _status(file, root) == "ok":
        return destination
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with partial_file(destination) as part:
            # Another process may have fetched the file while this one waited for its turn.
            if _status(file, root) != "ok":
                _complete(part, file)
                os.fsync(part.fileno())
                Path(part.name).replace(destination)
    except OSError as error:  # of the local disk: those of a source never get here
        raise BakeoffError(
            f"cannot write {destination.name} in the folder {destination.parent}: "
            f"{error.strerror or error}. Expected a writable folder with {file.size:,} bytes free: "
            "make room there or choose another data folder"
        ) from error
    return destination


def fetch_all(dataset: DataSet, root: Path) -> dict[str, Path]:
    """`fetch` for every file of `dataset`: local paths by `RemoteFile.path`; none if embedded."""
    return {file.path: fetch(file, root) for file in dataset.files}


def judge_all(dataset: DataSet, root: Path) -> list[tuple[RemoteFile, Status]]:
    """Judge what is below `root` of each file of `dataset`, by size and SHA-256, on disk alone."""
    return [(file, _status(file, root)) for file in dataset.files]


def _status(file: RemoteFile, root: Path) -> Status:
    path = root / file.path
    try:
        if path.stat().st_size != file.size:
            return "damaged"
        with path.open("rb") as content:
            return "ok" if _sha256(content) == file.sha256 else "damaged"
    except FileNotFoundError:
        return "missing"
    except OSError:  # unreadable serves no better than damaged
        return "damaged"


def _complete(part: BinaryIO, file: RemoteFile) -> None:
    """Fill `part` from the first source that gives the right content, or raise BakeoffError."""
    if size_of(part) >= file.size:  # a process ended after the last byte and before the renaming
        if _sha256(part) == file.sha256:
            return
        part.truncate(0)
    reasons = []
    for source in sources(file.path, file.urls):
        try:
            _take(part, file, source)
            return
        except SourceError as error:
            reasons.append(f"  {source}: {error}")
    kept = f"\n{size_of(part):,} bytes are kept for the next attempt." if size_of(part) else ""
    raise BakeoffError(
        f"cannot fetch {file.path} ({file.size:,} bytes), tried:\n"
        + ("\n".join(reasons) or "  nothing: it has no address")
        + kept
        + f"\nConnect to the internet, set {MIRROR} (now {os.environ.get(MIRROR) or 'not set'}) to "
        f"a folder or an http(s) address that holds {file.path}, or use an embedded data set, "
        "e.g. data=localization/digits or data=embedding/python_docs"
    )


def _take(part: BinaryIO, file: RemoteFile, source: str | Path) -> None:
    """Complete `part` from `source`; on wrong content leave it empty and raise SourceError."""
    start = _transfer(part, file, source)
    if start and _sha256(part) != file.sha256:
        # The earlier bytes may be the wrong ones: this source deserves to be judged on its own.
        part.truncate(0)
        _transfer(part, file, source)
    size, digest = size_of(part), _sha256(part)
    if digest != file.sha256:
        part.truncate(0)
        raise SourceError(
            f"wrong content, refused: {size:,} bytes with SHA-256 {digest}, "
            f"expected {file.size:,} bytes with SHA-256 {file.sha256}"
        )


def _transfer(part: BinaryIO, file: RemoteFile, source: str | Path) -> int:
    """Append to `part` what it lacks; the position, in bytes, from which `source` gave it."""
    stream, start, length = open_source(source, size_of(part))
    position = start
    with stream, bounded(stream, file.size - start), bar(file, start) as show:
        part.truncate(start)
        # A wrong file is read to its end for its digest, but an endless one must not fill the disk.
        while position <= file.size + CHUNK and (chunk := read(stream)):
            part.write(chunk)
            part.flush()  # so that nothing received is lost when this process is killed
            position += len(chunk)
            show(position)
    if length is not None and position < min(start + length, file.size):
        raise SourceError(f"the connection ended after {position:,} of {file.size:,} bytes")
    return start


def _sha256(content: BinaryIO) -> str:
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()
