"""`bakeoff generate`: bad requests are told at once, prompts come from anywhere."""

import io

import pytest

from bakeoff.cli import main
from bakeoff.errors import BakeoffError
from bakeoff.generate import read_prompts


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--beams", "0"], "0 beams: give at least 1"),
        (["--sample", "--top-p", "1.2"], "top-p 1.2"),
        (["--sample", "--temperature", "0"], "temperature 0"),
        (["--sample", "--top-k", "0"], "top-k 0"),
        (["--words", "0"], "0 words to generate"),
        (["--words", "5", "--min-words", "6"], "at least 6 and at most 5 words"),
        (["--words", "1000000"], "--words is 1,000,000: expected 100,000 at most"),
        (["--sample", "--samples", "0"], "--samples is 0"),
        (["--temperature", "0.8", "--top-k", "3"], "--temperature, --top-k given without --sample"),
        (["--no-repeat", "-1"], "blocked n-grams of -1 words"),
    ],
)
def test_impossible_settings_are_refused_before_anything_is_loaded(options, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["generate", "no/such/run", "a text", *options])
    assert ended.value.code == 1
    assert message in capsys.readouterr().err


def test_prompts_are_those_given_then_those_of_a_file_one_a_line(tmp_path, monkeypatch):
    file = tmp_path / "prompts.txt"
    file.write_text("the cat\n\nthe mat\n")
    assert read_prompts(["a dog"], str(file)) == ["a dog", "the cat", "the mat"]
    monkeypatch.setattr("sys.stdin", io.StringIO("one\ntwo\n"))
    assert read_prompts([], "-") == ["one", "two"]


def test_no_prompt_or_no_file_is_said():
    with pytest.raises(BakeoffError, match="no prompt: give a text"):
        read_prompts([], None)
    with pytest.raises(BakeoffError, match="cannot read prompts from no/file: No such file"):
        read_prompts([], "no/file")
