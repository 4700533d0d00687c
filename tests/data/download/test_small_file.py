"""A small file without a digest: from the mirror first, whole, and never large."""

import random

import pytest

from bakeoff.data.download import small_file
from bakeoff.data.download.small_file import read_any
from bakeoff.errors import BakeoffError

CONTENT = random.Random(0).randbytes(30_000)
NAME = "set/images.gz"


def test_a_file_without_a_digest_comes_from_the_mirror_first(serve, tmp_path, monkeypatch):
    (tmp_path / "set").mkdir()
    (tmp_path / NAME).write_bytes(b"mirrored")
    monkeypatch.setenv("BAKEOFF_MIRROR", str(tmp_path))
    server = serve(CONTENT)
    assert read_any(NAME, [server.url]) == b"mirrored"
    assert server.asked == []


def test_a_file_without_a_digest_is_read_whole_or_from_the_next_address(serve, closed):
    cut, whole = serve(CONTENT, cut=1000), serve(CONTENT)
    assert read_any(NAME, [closed, cut.url, whole.url]) == CONTENT
    with pytest.raises(BakeoffError, match="cannot fetch set") as error:
        read_any(NAME, [closed, cut.url])
    assert closed in str(error.value)
    assert cut.url in str(error.value)
    assert "BAKEOFF_MIRROR" in str(error.value)


def test_a_large_file_without_a_digest_is_given_up(serve, monkeypatch):
    monkeypatch.setattr(small_file, "MOST", 10_000)
    with pytest.raises(BakeoffError, match="more than 10,000 bytes"):
        read_any(NAME, [serve(CONTENT).url])
