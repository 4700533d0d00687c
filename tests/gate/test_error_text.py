"""Texts of exceptions, of any length and of any kind."""

from bakeoff.gate.error_text import (
    LONGEST,
    LONGEST_TRACEBACK,
    bounded,
    bounded_traceback,
    first_line,
    message,
)


class MuteError(Exception):
    """Fails even at saying what is wrong."""

    def __str__(self) -> str:
        raise ValueError


def test_a_short_text_stays_and_of_a_long_one_head_and_tail():
    assert bounded("x" * LONGEST) == "x" * LONGEST
    assert bounded("abcdefgh", 4) == "ab\n[... 4 characters left out ...]\ngh"
    long = "head" + "x" * 50_000_000 + "tail"
    short = bounded(long)
    assert len(short) < LONGEST + 100
    assert short.startswith("head") and short.endswith("tail")
    assert f"{len(long) - LONGEST:,} characters left out" in short


def test_every_exception_has_a_message():
    assert message(ValueError("no such key")) == "no such key"
    assert message(ValueError("no such key"), named=True) == "ValueError: no such key"
    assert message(MemoryError()) == message(MemoryError(), named=True) == "MemoryError"
    assert message(MuteError()) == "MuteError: its message cannot be shown"
    assert len(message(RuntimeError("x" * 1_000_000))) < LONGEST + 100


def test_a_traceback_is_bounded_too():
    def raised(error: Exception) -> Exception:
        try:
            raise error
        except Exception as caught:
            return caught

    assert "in raised" in bounded_traceback(raised(ValueError("wrong")))
    long = bounded_traceback(raised(ValueError("x" * 1_000_000)))
    assert "in raised" in long
    assert len(long) < LONGEST_TRACEBACK + 100
    assert "MuteError" in bounded_traceback(raised(MuteError()))


def test_the_first_line_of_a_message_or_the_kind_of_error():
    assert first_line(ValueError("one\ntwo")) == "one"
    assert first_line(KeyError()) == "KeyError"
