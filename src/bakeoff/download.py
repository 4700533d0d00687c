"""Files from a mirror or the internet, trusted by their SHA-256 and by nothing else."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from time import monotonic
from typing import IO, Any, BinaryIO, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from bakeoff import __version__
from bakeoff.catalog import DataSet, RemoteFile
from bakeoff.errors import BakeoffError

MIRROR = "BAKEOFF_MIRROR"  # a folder, or an http, https or file address, that holds the same paths
TIMEOUT_S = 30  # to connect, and between two pieces of an answer
CHUNK = 1 << 20  # bytes
BAR_AFTER_S = 2
MOST = 1 << 26  # bytes of a file that is read without knowing its size

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
        with _partial(destination) as part:
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


def verify(dataset: DataSet, root: Path) -> list[tuple[RemoteFile, Status]]:
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


@contextmanager
def _partial(destination: Path) -> Iterator[BinaryIO]:
    """Open `<name>.part` beside `destination`, for one process at a time and for appending.

    A resumable partial file has one name, so it has one writer. The lock is the kernel's, on the
    open file: it ends with its process, however that ends, so no stale lock can block a later call
    (as a lock file would after kill -9). Whoever waited may then hold a file that has meanwhile
    been renamed or removed, and opens the name anew.
    """
    path = destination.with_name(f"{destination.name}.part")
    while True:
        with path.open("a+b") as part:
            fcntl.flock(part, fcntl.LOCK_EX)
            if not _is_at(part, path):
                continue
            try:
                yield part
            finally:
                # What was received is kept for resuming; an empty file would only be litter.
                if not _size(part) and _is_at(part, path):
                    path.unlink()
            return


def _is_at(part: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(part.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _complete(part: BinaryIO, file: RemoteFile) -> None:
    """Fill `part` from the first source that gives the right content, or raise BakeoffError."""
    if _size(part) >= file.size:  # a process ended after the last byte and before the renaming
        if _sha256(part) == file.sha256:
            return
        part.truncate(0)
    reasons = []
    for source in _sources(file.path, file.urls):
        try:
            _take(part, file, source)
            return
        except _SourceError as error:
            reasons.append(f"  {source}: {error}")
    kept = f"\n{_size(part):,} bytes are kept for the next attempt." if _size(part) else ""
    raise BakeoffError(
        f"cannot fetch {file.path} ({file.size:,} bytes), tried:\n"
        + ("\n".join(reasons) or "  nothing: it has no address")
        + kept
        + f"\nConnect to the internet, set {MIRROR} (now {os.environ.get(MIRROR) or 'not set'}) to "
        f"a folder or an http(s) address that holds {file.path}, or use an embedded data set, "
        "e.g. data=localization/digits or data=embedding/python_docs"
    )


def read_any(path: str, urls: Sequence[str]) -> bytes:
    """The content of a small file that no digest is known of: from the mirror, or the first of `urls`
    that has it. Raises BakeoffError with the reason of each; the caller judges the content.
    """
    reasons = []
    for source in _sources(path, urls):
        try:
            open_source = _open_path if isinstance(source, Path) else _open_url
            stream, _, length = open_source(source, 0)
            content = bytearray()
            with stream:
                while len(content) <= MOST and (block := _read(stream)):
                    content += block
            if len(content) > MOST:
                raise _SourceError(f"more than {MOST:,} bytes: not the small file it should be")
            if length is not None and len(content) < length:
                raise _SourceError(
                    f"the connection ended after {len(content):,} of {length:,} bytes"
                )
            return bytes(content)
        except _SourceError as error:
            reasons.append(f"  {source}: {error}")
    raise BakeoffError(
        f"cannot fetch {path}, tried:\n"
        + "\n".join(reasons)
        + f"\nConnect to the internet, or set {MIRROR} (now {os.environ.get(MIRROR) or 'not set'}) to "
        f"a folder or an http(s) address that holds {path}"
    )


class _SourceError(Exception):
    """Why one source did not give the file; the next one is tried."""


def _sources(path: str, urls: Sequence[str]) -> list[str | Path]:
    mirror = os.environ.get(MIRROR, "")
    scheme = mirror.partition("://")[0].lower()
    if not mirror:
        return [*urls]
    if scheme in ("http", "https"):
        return [f"{mirror.rstrip('/')}/{quote(path)}", *urls]
    folder = unquote(urlsplit(mirror).path) if scheme == "file" else mirror
    return [Path(folder) / path, *urls]


def _take(part: BinaryIO, file: RemoteFile, source: str | Path) -> None:
    """Complete `part` from `source`; on wrong content leave it empty and raise _SourceError."""
    start = _transfer(part, file, source)
    if start and _sha256(part) != file.sha256:
        # The earlier bytes may be the wrong ones: this source deserves to be judged on its own.
        part.truncate(0)
        _transfer(part, file, source)
    size, digest = _size(part), _sha256(part)
    if digest != file.sha256:
        part.truncate(0)
        raise _SourceError(
            f"wrong content, refused: {size:,} bytes with SHA-256 {digest}, "
            f"expected {file.size:,} bytes with SHA-256 {file.sha256}"
        )


def _transfer(part: BinaryIO, file: RemoteFile, source: str | Path) -> int:
    """Append to `part` what it lacks; the position, in bytes, from which `source` gave it."""
    if isinstance(source, Path):
        stream, start, length = _open_path(source, _size(part))
    else:
        stream, start, length = _open_url(source, _size(part))
    position = start
    with stream, _bar(file, start) as show:
        part.truncate(start)
        # A wrong file is read to its end for its digest, but an endless one must not fill the disk.
        while position <= file.size + CHUNK and (chunk := _read(stream)):
            part.write(chunk)
            part.flush()  # so that nothing received is lost when this process is killed
            position += len(chunk)
            show(position)
    if length is not None and position < min(start + length, file.size):
        raise _SourceError(f"the connection ended after {position:,} of {file.size:,} bytes")
    return start


def _open_path(path: Path, offset: int) -> tuple[IO[bytes], int, int | None]:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        missing = next((p for p in reversed(path.parents) if not p.exists()), path)
        raise _SourceError(f"{missing} does not exist") from None
    except OSError as error:
        raise _SourceError(_explain(error)) from error
    stream.seek(offset)
    return stream, offset, None


def _open_url(url: str, offset: int) -> tuple[IO[bytes], int, int | None]:
    """Ask for `url` from `offset` on: the answer, where it starts and its length, in bytes.

    A server may ignore the range (200) or refuse it (416): the answer then starts at 0.
    """
    headers = {"User-Agent": f"bakeoff/{__version__}"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    try:
        response = build_opener(_WebRedirects).open(Request(url, headers=headers), None, TIMEOUT_S)
    except HTTPError as error:
        error.close()
        if offset and error.code == 416:
            return _open_url(url, 0)
        raise _SourceError(f"HTTP {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise _SourceError(_explain(error)) from error
    if response.status != 206:
        return response, 0, response.length
    if response.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
        return response, offset, response.length
    response.close()
    if offset:
        return _open_url(url, 0)
    raise _SourceError("HTTP 206 to a request for the whole file")


class _WebRedirects(HTTPRedirectHandler):
    """Follow redirects to http and https; the standard library would follow ftp too."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise HTTPError(newurl, code, f"redirects to {newurl}, expected http(s)", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _read(stream: Any) -> bytes:
    """Return the next bytes as soon as there are some; none at the end."""
    try:
        return stream.read1(CHUNK)
    except IncompleteRead:
        raise _SourceError("the connection ended early") from None
    except (OSError, HTTPException) as error:
        raise _SourceError(_explain(error)) from error


def _explain(error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return f"no answer within {TIMEOUT_S} s"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__


def _size(part: BinaryIO) -> int:
    return os.fstat(part.fileno()).st_size


def _sha256(content: BinaryIO) -> str:
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def _bar(file: RemoteFile, start: int) -> Iterator[Callable[[int], None]]:
    """Give a function that is told the position, in bytes, and draws a progress bar on a terminal.

    A short download draws nothing.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(file.path, total=file.size, completed=start)
    begun = monotonic()

    def show(position: int) -> None:
        progress.update(task, completed=position)
        if monotonic() - begun > BAR_AFTER_S and sys.stderr.isatty():
            progress.start()

    try:
        yield show
    finally:
        if progress.live.is_started:  # otherwise stopping it would print an empty line
            progress.stop()
