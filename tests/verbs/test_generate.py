"""`bakeoff generate`: bad requests are told at once."""

import pytest

from bakeoff.cli import main


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--beams", "0"], "0 beams: expected at least 1"),
        (["--sample", "--top-p", "1.2"], "top-p 1.2"),
        (["--sample", "--temperature", "0"], "temperature 0"),
        (["--sample", "--top-k", "0"], "top-k 0"),
        (["--words", "0"], "0 words to generate"),
        (["--words", "5", "--min-words", "6"], "at least 6 and at most 5 words"),
        (["--words", "1000000"], "--words is 1,000,000: expected 100,000 at most"),
        (["--sample", "--samples", "0"], "--samples is 0"),
        (["--temperature", "0.8", "--top-k", "3"], "--temperature, --top-k given without --sample"),
        (["--no-repeat", "-1"], "no-repeat n-gram size -1"),
    ],
)
def test_impossible_settings_are_refused_before_anything_is_loaded(options, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["generate", "no/such/run", "a text", *options])
    assert ended.value.code == 1
    assert message in capsys.readouterr().err
