"""Files that anyone may have edited, read strictly."""

from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.store.schema import fitted, is_of, read_json, said


@dataclass
class Part:
    name: str
    size: float | None = None


@dataclass
class Whole:
    number: int
    kind: Literal["a", "b"]
    parts: list[Part]
    one: Part | None = None
    values: dict[str, float | None] = field(default_factory=dict)
    interval: tuple[float, float] | None = None
    anything: dict[str, Any] = field(default_factory=dict)


CONTENT = {
    "number": 1,
    "kind": "a",
    "parts": [{"name": "x", "size": 2, "newer": 1}],
    "one": {"name": "y"},
    "values": {"m": 1.5, "n": None},
    "interval": [0, 1.5],
    "anything": {"x": [{}]},
    "newer": 2,
}


def test_what_fits_becomes_objects_and_what_is_newer_is_left_out():
    assert fitted(Whole, CONTENT, "file", "a whole") == Whole(
        1, "a", [Part("x", 2)], Part("y"), CONTENT["values"], [0, 1.5], CONTENT["anything"]
    )


def test_optional_values_may_be_missing():
    assert fitted(Whole, {"number": 1, "kind": "b", "parts": []}, "f", "a whole").one is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"number": True}, "file: number is True, expected a whole number"),
        ({"number": 1.0}, "number is 1.0, expected a whole number"),
        ({"kind": "c"}, "kind is 'c', expected one of a, b"),
        ({"kind": []}, r"kind is \[\], expected one of a, b"),
        ({"parts": {}}, r"parts is \{\}, expected a list of objects"),
        ({"parts": [1]}, r"file: parts\[0\] is not a whole: expected an object, got 1"),
        ({"parts": [{"name": 3}]}, r"parts\[0\]: name is 3, expected a text"),
        ({"parts": [{}]}, r"parts\[0\] is not a whole: expected the key 'name'"),
        ({"one": "x"}, "one is 'x', expected an object or null"),
        ({"values": {"m": "x"}}, r"values is .*, expected an object"),
        ({"values": {"m": float("nan")}}, r"values is .*, expected an object"),
        ({"interval": [1]}, r"interval is \[1\], expected a list of 2 or null"),
        ({"anything": []}, r"anything is \[\], expected an object"),
        ({"kind": "x" * 10**6}, r"kind is 'x{1,200}\.\.\., expected"),
    ],
)
def test_what_does_not_fit_is_named_with_what_was_expected(change, expected):
    with pytest.raises(BakeoffError, match=expected):
        fitted(Whole, CONTENT | change, "file", "a whole")


@pytest.mark.parametrize("content", [None, [], "x", 3, True])
def test_no_object_at_all_is_refused(content):
    with pytest.raises(BakeoffError, match=r"file is not a whole: expected an object"):
        fitted(Whole, content, "file", "a whole")


def test_numbers_are_finite():
    assert is_of(float, 1) and is_of(float, 1.5)
    assert not is_of(float, float("inf")) and not is_of(float, True) and not is_of(float, "1")


def test_types_in_words():
    assert said(list[str] | None) == "a list of texts or null"
    assert said(float | str) == "a number or a text"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"\x00" * 9, b"[" * 100_000])
def test_damaged_json_is_said_with_what_mends_it(tmp_path, content):
    (tmp_path / "f.json").write_bytes(content)
    with pytest.raises(BakeoffError, match=r"f.json is damaged .*: do this"):
        read_json(tmp_path / "f.json", "do this")
