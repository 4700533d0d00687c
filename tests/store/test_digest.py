"""SHA-256 of values and files, and when a file is not read again."""

import hashlib
import os

from bakeoff.store import digest as module
from bakeoff.store.digest import digest, file_digest, known_file_digest


def test_the_order_of_keys_does_not_count():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"b": [2, 3]}) != digest({"b": [3, 2]})


def test_a_files_digest_is_the_sha_256_of_its_content(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert file_digest(path) == known_file_digest(path) == hashlib.sha256(b"one").hexdigest()


def test_a_known_file_is_read_again_only_after_a_change(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(
        module, "file_digest", lambda path: read.append(path.name) or file_digest(path)
    )
    path = tmp_path / "a"
    path.write_bytes(b"one")
    first = known_file_digest(path)
    assert known_file_digest(path) == first and read == ["a"]
    path.write_bytes(b"two")  # of the same size
    os.utime(path, ns=(0, 1))
    assert known_file_digest(path) != first and read == ["a", "a"]
