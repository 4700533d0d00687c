"""What this user's bakeoff wrote itself: told by a keyed digest inside the file, and by nothing else.

The key is made once in the user's configuration folder, and only they can read it.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bakeoff.store.plain_file import read_bytes

FIELD = "own"  # in run.json and plan.json
KEY_BYTES = 32


def signed(content: Mapping[str, Any], *beside: Path) -> dict[str, Any]:
    """`content` with the digest that makes it this user's, over it and over the files `beside` it; without
    one where this user can keep no key.
    """
    key = _key()
    if key is None:
        return dict(content)
    return {**content, FIELD: _digest(key, content, beside)}


def is_own(path: Path, *beside: Path) -> bool:
    """Whether this user's bakeoff wrote the JSON file `path`, and files `beside` it are as they were."""
    try:
        content = json.loads(read_bytes(path))
        given = content.pop(FIELD)
    except (OSError, ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return False
    key = _key()
    return (
        key is not None
        and isinstance(given, str)
        and given.isascii()
        and hmac.compare_digest(given, _digest(key, content, beside))
    )


def key_file() -> Path:
    """Where the key is kept."""
    place = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(place) / "bakeoff" / "key"


def _digest(key: bytes, content: Mapping[str, Any], beside: tuple[Path, ...]) -> str:
    parts = [json.dumps(content, sort_keys=True).encode(), *map(_content, beside)]
    # A digest for each part: nothing can move from one part to the next.
    message = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _content(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except OSError:
        return b""


def _key() -> bytes | None:
    """The user's key, made now if there is none; None where it can be neither read nor written."""
    try:
        path = key_file()
        if not path.exists():
            _make(path)
        key = read_bytes(path)
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        return None
    return key if len(key) == KEY_BYTES else None


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        os.link(made, path)  # whole, and never in the place of one that another process made
    except FileExistsError:
        pass
    finally:
        made.unlink()
