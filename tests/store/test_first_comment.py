"""The first sentence of the comment at the top of a file."""

import os

import pytest

from bakeoff.store.first_comment import first_sentence, table


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Which net? On digits:\n#   bakeoff run x\nkey: 1\n", "Which net?"),
        ("# One sentence over\n# two lines. And another.\nkey: 1\n", "One sentence over two lines."),
        ("# @package _global_\n# A task: images with one class.\n", "A task: images with one class."),
        ("# Your own files:\n#   data=folder\n", "Your own files"),
        ("# A rate of 0.1 (Smith et al., 2018).\n", "A rate of 0.1 (Smith et al., 2018)."),
        ("# no end\n\n# another comment\n", "no end"),
        ("key: 1 # of a value\n# below\n", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_first_sentence(tmp_path, text, said):
    (tmp_path / "option.yaml").write_text(text)
    assert first_sentence(tmp_path / "option.yaml") == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", ""),
        (b"# A \xff byte.", "A \ufffd byte."),
        (b"# A \x1b[31m colour.", "A \ufffd[31m colour."),
        (b"# " + b"x" * 20_000, "x" * 9_998),
    ],
)
def test_a_file_of_anything_is_read(tmp_path, content, said):
    (tmp_path / "option.yaml").write_bytes(content)
    assert first_sentence(tmp_path / "option.yaml") == said


def test_what_is_no_file_says_nothing(tmp_path):
    os.mkfifo(tmp_path / "option.yaml")
    assert first_sentence(tmp_path / "option.yaml") == ""


def test_descriptions_stand_below_each_other():
    assert table({"a": "one", "long": "two", "b": ""}) == ["  a     one", "  long  two", "  b"]
