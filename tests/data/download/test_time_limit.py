"""Servers that never stop to send, a byte at a time."""

import threading
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from bakeoff.data.catalog import RemoteFile
from bakeoff.data.download import source
from bakeoff.data.download.fetch import fetch
from bakeoff.data.download.small_file import read_any
from bakeoff.data.download.time_limit import OverdueError, within
from bakeoff.errors import BakeoffError

OK = b"HTTP/1.1 200 OK\r\n"
DRIPS = {
    "status": (b"", b"H"),
    "headers": (OK, b"A: b\r\n"),
    "a header": (OK + b"A: ", b"x"),
    "body": (OK + b"\r\n", b"x"),
    "body of a length": (OK + b"Content-Length: 3000000\r\n\r\n", b"x"),
    "size of a chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
}


@contextmanager
def dripping(beginning, drop):
    """A server that sends `beginning`, then `drop` for ever; its address."""
    over = threading.Event()

    class Handler(BaseRequestHandler):
        def handle(self):
            self.request.recv(4096)
            try:
                self.request.sendall(beginning)
                while not over.wait(0.02):
                    self.request.sendall(drop)
            except OSError:
                pass

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/x"
        finally:
            over.set()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(source, "OPENING_S", 0.3)
    monkeypatch.setattr(source, "TIMEOUT_S", 0.2)
    monkeypatch.setattr(source, "SLOWEST", 1e9)


@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
def test_a_server_that_drips_is_given_up(tmp_path, drip):
    with dripping(*drip) as address:
        file = RemoteFile("x", "0" * 64, 3_000_000, (address,))
        with pytest.raises(BakeoffError, match=r"slower than|no whole answer within 0\.3 s"):
            fetch(file, tmp_path)
        with pytest.raises(BakeoffError, match=r"slower than|no whole answer within 0\.3 s"):
            read_any("x", [address])


def test_what_comes_in_time_is_given_on():
    assert within(5, lambda: 3) == 3
    with pytest.raises(KeyError):
        within(5, lambda: {}["a"])


def test_what_does_not_is_left():
    with pytest.raises(OverdueError):
        within(0.01, threading.Event().wait)
