"""One file to download, and processes that download it."""

import hashlib
import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from bakeoff.data.catalog import RemoteFile

CONTENT = random.Random(0).randbytes(3_000_000)
WRONG = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])  # one bit differs
NAME = "set/images.gz"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def remote(*urls: str, content: bytes = CONTENT) -> RemoteFile:
    return RemoteFile(NAME, digest(content), len(content), urls)


def part_of(root: Path) -> Path:
    return root / f"{NAME}.part"


def leave_part(root: Path, content: bytes) -> None:
    part_of(root).parent.mkdir(parents=True)
    part_of(root).write_bytes(content)


def files_below(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


FETCH = """
import sys
from pathlib import Path
from bakeoff.data.catalog import RemoteFile
from bakeoff.data.download import progress
from bakeoff.data.download.fetch import fetch
path, sha256, size, url, root, bar_after_s = sys.argv[1:]
progress.BAR_AFTER_S = float(bar_after_s)
fetch(RemoteFile(path, sha256, int(size), (url,)), Path(root))
"""


def start_fetch(url: str, root: Path, bar_after_s: float = 2, **kwargs) -> subprocess.Popen:
    arguments = [NAME, digest(CONTENT), str(len(CONTENT)), url, str(root), str(bar_after_s)]
    return subprocess.Popen([sys.executable, "-c", FETCH, *arguments], **kwargs)


def wait_until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def has_part(root: Path, size: int) -> bool:
    with suppress(FileNotFoundError):
        return part_of(root).stat().st_size == size
    return False
