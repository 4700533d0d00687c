import os

import pytest

from bakeoff.store.plain_file import read_bytes, read_text


def test_the_content_of_a_file(tmp_path):
    (tmp_path / "x").write_bytes("é".encode())
    assert read_bytes(tmp_path / "x") == b"\xc3\xa9"
    assert read_text(tmp_path / "x") == "é"


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_regular_file_is_not_waited_for(tmp_path, make):
    make(tmp_path / "x")
    with pytest.raises(OSError, match="no regular file"):
        read_bytes(tmp_path / "x")


def test_a_huge_file_is_not_read(tmp_path):
    with (tmp_path / "x").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(OSError, match="larger than 67,108,864 bytes"):
        read_text(tmp_path / "x")


def test_folders_and_missing_files_are_told_apart(tmp_path):
    with pytest.raises(IsADirectoryError):
        read_bytes(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_bytes(tmp_path / "x")
