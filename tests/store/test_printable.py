"""Control characters in anybody's text reach no terminal."""

import pytest

from bakeoff.store.printable import printable
from bakeoff.store.schema import read_json


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "\x1b]0;title\x07", "a\rb", "a\x08", "\x9b1m", "\x7f", "\u202eabc", "\x00"]
)
def test_they_are_replaced(text):
    assert printable(text) != text
    assert printable(printable(text)) == printable(text)
    assert not set(printable(text)) & set("\x1b\x07\r\x08\x9b\x7f\u202e\x00")


def test_lines_tabs_and_other_alphabets_stay():
    text = "a\tb\näöü 漢字 🙂 e\u0301"
    assert printable({text: [text, 1, None]}) == {text: [text, 1, None]}


def test_what_is_read_from_a_record_has_none(tmp_path):
    (tmp_path / "x.json").write_text('{"name": "a\\u001b[31mb", "list": ["\\u0007"]}')
    assert read_json(tmp_path / "x.json", "") == {"name": "a\ufffd[31mb", "list": ["\ufffd"]}
