"""Control characters in anybody's text reach no terminal."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.store.printable import may_hold_control, printable
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


@pytest.mark.parametrize("written", ["\x7f", "\u202e", "\x9b", "\\b", "\\f", "\\r", "\\u0000"])
def test_one_that_is_written_out_in_the_file_has_none_either(tmp_path, written):
    (tmp_path / "x.json").write_text(f'{{"name": "a{written}b"}}', encoding="utf-8")
    assert read_json(tmp_path / "x.json", "") == {"name": "a\ufffdb"}


@given(
    st.text(st.one_of(st.characters(), st.sampled_from("\x07\r\x7f\u202e\\u")), max_size=9),
    st.booleans(),
)
def test_a_document_that_may_hold_none_holds_none(text, is_ascii):
    document = json.dumps({text: text}, ensure_ascii=is_ascii)
    assert may_hold_control(document) or printable(text) == text
