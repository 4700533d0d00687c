"""`bakeoff generate`: prompts come from anywhere."""

import io

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.use.generate import read_prompts


def test_prompts_are_those_given_then_those_of_a_file_one_a_line(tmp_path, monkeypatch):
    file = tmp_path / "prompts.txt"
    file.write_text("the cat\n\nthe mat\n")
    assert read_prompts(["a dog"], str(file)) == ["a dog", "the cat", "the mat"]
    monkeypatch.setattr("sys.stdin", io.StringIO("one\ntwo\n"))
    assert read_prompts([], "-") == ["one", "two"]


def test_an_endless_file_is_given_up():
    with pytest.raises(BakeoffError, match="/dev/zero has more than 10,000,000 characters"):
        read_prompts([], "/dev/zero")


def test_no_prompt_or_no_file_is_said():
    with pytest.raises(BakeoffError, match="no prompt: give a text"):
        read_prompts([], None)
    with pytest.raises(BakeoffError, match="cannot read prompts from no/file: No such file"):
        read_prompts([], "no/file")
