"""A server of one file, as servers are: some without ranges, some that break off."""

import re
import socket
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.data.download.remote import CONTENT, NAME


class Server(ThreadingHTTPServer):
    """Serves `content` at every path and remembers the Range header of each request.

    `ranges` is "served", "ignored" (200 and the whole), "refused" (416) or "shifted" (206 from
    another position); `cut` ends each answer after that many bytes; `release` holds back what comes
    after `cut` until it is set; `redirect` is where everything else is sent.
    """

    daemon_threads = True

    def __init__(self, content, ranges="served", cut=None, release=None, redirect=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.ranges, self.cut = content, ranges, cut
        self.release, self.redirect = release, redirect
        self.asked: list[str | None] = []
        self.paths: list[str] = []
        self.root = f"http://127.0.0.1:{self.server_port}"
        self.url = f"{self.root}/{NAME}"

    def handle_error(self, request, client_address):
        """Say nothing: a client that is killed is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append(self.headers["Range"])
        server.paths.append(self.path)
        if server.redirect and server.redirect not in self.path:
            self.send_response(302)
            self.send_header("Location", server.redirect)
            self.end_headers()
            return
        start = 0
        total = len(server.content)
        if server.ranges != "ignored" and (given := self.headers["Range"]):
            start = int(re.fullmatch(r"bytes=(\d+)-", given)[1])
        if start and server.ranges == "refused":
            self.send_response(416)
            self.end_headers()
            return
        if start and server.ranges == "shifted":
            start += 1
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        self.send_header("Content-Length", str(total - start))
        self.end_headers()
        body = server.content[start:]
        self.wfile.write(body[: server.cut])
        self.wfile.flush()
        if server.release:
            server.release.wait(60)
            self.wfile.write(body[server.cut :])

    def log_message(self, *args):
        pass


@pytest.fixture
def serve():
    """Start servers; they end with the test."""
    started = []

    def start(content: bytes = CONTENT, **kwargs) -> Server:
        server = Server(content, **kwargs)
        thread = threading.Thread(target=partial(server.serve_forever, 0.02))
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        if server.release:
            server.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def root(tmp_path):
    """Where the files go."""
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No mirror and no proxy of the machine that runs the tests."""
    monkeypatch.delenv("BAKEOFF_MIRROR", raising=False)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def closed():
    """Give an address at which nobody listens, and which no other test takes meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/{NAME}"
