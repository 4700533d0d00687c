"""What a file of bakeoff's holds, read strictly: plain containers -> the dataclass that describes them.

Anyone may have edited or cut such a file: what does not fit is named, with what was expected.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from bakeoff.errors import BakeoffError
from bakeoff.store.plain_file import read_text
from bakeoff.store.printable import may_hold_control, printable

T = TypeVar("T")
WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
SHOWN = 200  # characters of a value in a message


def read_json(path: Path, mend: str, constant: Callable[[str], Any] | None = None) -> Any:
    """The content of a JSON file, its texts without control characters; `constant` turns what JSON has
    not, such as NaN, into a value.

    Raises BakeoffError, which ends with `mend`, where it is damaged, and OSError where it cannot be read.
    """
    try:
        text = read_text(path)
        content = json.loads(text, parse_constant=constant)
        return printable(content) if may_hold_control(text) else content
    except (ValueError, RecursionError) as error:  # JSONDecodeError and UnicodeDecodeError too
        raise BakeoffError(f"{path} is damaged ({error}): {mend}") from None


def fitted(kind: type[T], content: Any, where: str, name: str) -> T:
    """The dataclass `kind` with the values of `content`, each of its type; what a newer version wrote
    besides is left out. `name` says what `where` should hold.

    Raises BakeoffError where a key is missing or a value is of another type.
    """
    if not isinstance(content, Mapping):
        raise BakeoffError(f"{where} is not {name}: expected an object, got {_shown(content)}")
    found = {}
    for key, hint, needed in _fields(kind):
        if key in content:
            found[key] = _fitted(hint, content[key], where, key, name)
        elif needed:
            raise BakeoffError(f"{where} is not {name}: expected the key {key!r}")
    return kind(**found)


@cache
def _fields(kind: type) -> list[tuple[str, Any, bool]]:
    """Each field of a dataclass: its name, its type, and whether it has no default."""
    hints = get_type_hints(kind)
    return [
        (field.name, hints[field.name], field.default is field.default_factory is MISSING)
        for field in fields(kind)
    ]


def _fitted(kind: Any, value: Any, where: str, key: str, name: str) -> Any:
    inner, each = _classes(kind)
    if inner is not None and isinstance(value, Mapping):
        return fitted(inner, value, f"{where}: {key}", name)
    if each is not None and isinstance(value, list):
        return [fitted(each, item, f"{where}: {key}[{at}]", name) for at, item in enumerate(value)]
    if not is_of(kind, value):
        raise BakeoffError(f"{where}: {key} is {_shown(value)}, expected {said(kind)}")
    return value


@cache
def _classes(kind: Any) -> tuple[type | None, type | None]:
    """The dataclass that a value of the type may be, and the one that the items of its list are."""
    inner = next((part for part in _alternatives(kind) if is_dataclass(part)), None)
    item = get_args(kind)[0] if get_origin(kind) is list else None
    return inner, item if is_dataclass(item) else None


def is_of(kind: Any, value: Any) -> bool:
    """Whether a value that JSON can hold is of a type; numbers are finite, true is no number."""
    return _test(kind)(value)


@cache
def _test(kind: Any) -> Callable[[Any], bool]:
    """The test of a type, worked out once: a sweep has thousands of records."""
    if kind is Any:
        return lambda value: True
    if (parts := _alternatives(kind)) != (kind,):
        tests = [_test(part) for part in parts]
        return lambda value: any(test(value) for test in tests)
    match get_origin(kind), get_args(kind):
        case (None, _) if kind is float:
            return _is_number
        case (None, _) if kind is int:
            return _is_whole
        case (None, _):
            return lambda value: isinstance(value, kind)
        case origin, options if origin is Literal:
            return lambda value: value in options
        case origin, (item,) if origin is list:
            test = _test(item)
            return lambda value: isinstance(value, list) and all(map(test, value))
        case origin, items if origin is tuple:  # JSON has lists only
            tests = [_test(item) for item in items]
            return lambda value: (
                isinstance(value, list | tuple)
                and len(value) == len(tests)
                and all(test(v) for test, v in zip(tests, value, strict=True))
            )
        case origin, (key, item) if origin is dict:
            of_key, of_item = _test(key), _test(item)
            return lambda value: (
                isinstance(value, dict)
                and all(map(of_key, value))
                and all(map(of_item, value.values()))
            )
    raise TypeError(f"no rule for {kind}")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def said(kind: Any) -> str:
    """A type in words."""
    parts = [part for part in _alternatives(kind) if part is not NoneType]
    origin, inner = get_origin(kind), get_args(kind)
    if len(parts) < len(_alternatives(kind)):
        return " or ".join([*map(said, parts), "null"])
    if len(parts) > 1:
        return " or ".join(map(said, parts))
    if origin is Literal:
        return f"one of {', '.join(map(str, inner))}"
    if origin is list:
        item = "object" if is_dataclass(inner[0]) else said(inner[0]).removeprefix("a ")
        return f"a list of {item}s"
    if origin is tuple:
        return f"a list of {len(inner)}"
    return WORDS.get(kind, "an object")


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
