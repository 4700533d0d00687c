"""A headless Chromium that tests drive by its own protocol (DevTools), over a pair of pipes."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 120
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--remote-debugging-pipe"),
)
# `all(selector)` and `text()`, for scripts, look into shadow roots and frames as well.
HELPERS = """
const roots = [document];
for (let i = 0; i < roots.length; i++)
  for (const e of roots[i].querySelectorAll('*')) {
    if (e.shadowRoot) roots.push(e.shadowRoot);
    if (e.contentDocument) roots.push(e.contentDocument);
  }
const all = selector => roots.flatMap(root => [...root.querySelectorAll(selector)]);
const text = () => roots.map(r => r.body ? r.body.innerText : r.textContent).join('\\n');
"""


class Page:
    """The one page of a browser."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write, self._buffer, self._count = read, write, b"", 0
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def open(self, url: str, width: int, height: int, dark: bool = False) -> None:
        """Go to `url` in a window of this size, in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        self._call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def ask(self, script: str) -> Any:
        """The value of an expression of JavaScript."""
        code = f"(() => {{ {HELPERS} return {script}; }})()"
        found = self._call("Runtime.evaluate", expression=code, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, script: str) -> Any:
        """The value of an expression once it is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := self.ask(script)):
            assert time.monotonic() < deadline, (
                f"never true: {script}\n{self.ask('text()')[-2000:]}"
            )
            time.sleep(0.3)
        return found

    def picture(self, path: Path) -> None:
        """Save what is to be seen as PNG."""
        taken = self._call("Page.captureScreenshot")
        path.write_bytes(base64.b64decode(taken["data"]))

    def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": arguments}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._buffer:
                piece = os.read(self._read, 1 << 20)
                assert piece, "the browser has ended"
                self._buffer += piece
            line, _, self._buffer = self._buffer.partition(b"\0")
            answer = json.loads(line)
            if answer.get("id") == self._count:
                assert "error" not in answer, answer["error"]
                return answer["result"]


@contextmanager
def chromium(folder: Path) -> Iterator[Page]:
    """A page of a new browser, its profile in `folder`. Skips the test where there is no Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("needs chromium")
    to_browser, write = os.pipe()
    read, from_browser = os.pipe()
    # Chromium reads at 3 and writes at 4.
    start = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
    profile = f"--user-data-dir={folder / 'profile'}"
    process = subprocess.Popen(
        ["bash", "-c", start, found, *OPTIONS, profile],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(to_browser, from_browser),
    )
    for end in (to_browser, from_browser):
        os.close(end)
    try:
        yield Page(read, write)
    finally:
        for end in (write, read):
            os.close(end)
        process.terminate()
        process.wait(timeout=60)
