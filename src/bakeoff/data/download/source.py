"""Where a file's bytes come from: the mirror, then the file's own addresses."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bakeoff import __version__
from bakeoff.data.download.addresses import EXPECTED, is_allowed
from bakeoff.data.download.time_limit import OverdueError, cut_after, within

MIRROR = "BAKEOFF_MIRROR"  # a folder, or an https or file address, that holds the same paths
TIMEOUT_S = 30  # to connect, and between two pieces of an answer
OPENING_S = 120  # until the answer begins, redirects included
SLOWEST = 10_000  # bytes a second, from the beginning of the answer to its end
CHUNK = 1 << 20  # bytes


class SourceError(Exception):
    """Why one source did not give the file; the next one is tried."""


def sources(path: str, urls: Sequence[str]) -> list[str | Path]:
    """The places that may have the file, in the order to try: `path` of the mirror, then `urls`."""
    mirror = os.environ.get(MIRROR, "")
    scheme = mirror.partition("://")[0].lower()
    if not mirror:
        return [*urls]
    if scheme in ("http", "https"):
        return [f"{mirror.rstrip('/')}/{quote(path)}", *urls]
    folder = unquote(urlsplit(mirror).path) if scheme == "file" else mirror
    return [Path(folder) / path, *urls]


def open_source(source: str | Path, offset: int) -> tuple[IO[bytes], int, int | None]:
    """Open `source` from `offset` on: the stream, where it starts and its length, where that is known;
    in bytes. Raises SourceError.
    """
    return _open_path(source, offset) if isinstance(source, Path) else _open_url(source, offset)


def _open_path(path: Path, offset: int) -> tuple[IO[bytes], int, int | None]:
    if path.exists() and not path.is_file():  # a FIFO would be waited for
        raise SourceError(f"{path} is not a file")
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        missing = next((p for p in reversed(path.parents) if not p.exists()), path)
        raise SourceError(f"{missing} does not exist") from None
    except OSError as error:
        raise SourceError(_explain(error)) from error
    stream.seek(offset)
    return stream, offset, None


def _open_url(url: str, offset: int) -> tuple[IO[bytes], int, int | None]:
    """Ask for `url` from `offset` on: the answer, where it starts and its length, in bytes.

    A server may ignore the range (200) or refuse it (416): the answer then starts at 0.
    """
    if not is_allowed(url):
        raise SourceError(f"not asked: {EXPECTED}")
    headers = {"User-Agent": f"bakeoff/{__version__}"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    opener, request = build_opener(_WebRedirects), Request(url, headers=headers)
    try:
        response = within(OPENING_S, lambda: opener.open(request, None, TIMEOUT_S))
    except OverdueError:
        raise SourceError(f"no whole answer within {OPENING_S} s") from None
    except HTTPError as error:
        error.close()
        if offset and error.code == 416:
            return _open_url(url, 0)
        raise SourceError(f"HTTP {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise SourceError(_explain(error)) from error
    if response.status != 206:
        return response, 0, response.length
    if response.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
        return response, offset, response.length
    response.close()
    if offset:
        return _open_url(url, 0)
    raise SourceError("HTTP 206 to a request for the whole file")


class _WebRedirects(HTTPRedirectHandler):
    """Follow redirects to addresses that are allowed only."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        if not is_allowed(newurl, redirected_from=req.full_url):
            raise HTTPError(newurl, code, f"redirects to {newurl}: {EXPECTED}", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def bounded(stream: IO[bytes], size: int) -> Iterator[None]:
    """Give a server the time that `size` bytes take at SLOWEST, and TIMEOUT_S more. Raises SourceError
    after that.
    """
    with cut_after(TIMEOUT_S + size / SLOWEST, stream) as over:
        try:
            yield
        except SourceError:
            if not over.is_set():
                raise
        if over.is_set():
            raise SourceError(f"slower than {SLOWEST:,} bytes a second")


def read(stream: Any) -> bytes:
    """Return the next bytes as soon as there are some; none at the end."""
    try:
        return stream.read1(CHUNK)
    except IncompleteRead:
        raise SourceError("the connection ended early") from None
    except (OSError, HTTPException) as error:
        raise SourceError(_explain(error)) from error


def _explain(error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return f"no answer within {TIMEOUT_S} s"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
