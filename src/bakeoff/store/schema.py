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
from bakeoff.store.printable import printable

T = TypeVar("T")
WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
SHOWN = 200  # characters of a value in a message


def read_json(path: Path, mend: str, constant: Callable[[str], Any] | None = None) -> Any:
    """The content of a JSON file, its texts without control characters; `constant` turns what JSON has
    not, such as NaN, into a value.

    Raises BakeoffError, which ends with `mend`, where it is damaged, and OSError where it cannot be read.
    """
    try:
        return printable(json.loads(read_text(path), parse_constant=constant))
    except (ValueError, RecursionError) as error:  # JSONDecodeError and UnicodeDecodeError too
        raise BakeoffError(f"{path} is damaged ({error}): {mend}") from None


def fitted(kind: type[T], content: Any, where: str, name: str) -> T:
    """The dataclass `kind` with the values of `content`, each of its type; what a newer version wrote
    besides is left out. `name` says what `where` should hold.

    Raises BakeoffError where a key is missing or a value is of another type.
    """
    if not isinstance(content, Mapping):
        raise BakeoffError(f"{where} is not {name}: expected an object, got {_shown(content)}")
    hints, found = _hints(kind), {}
    for field in fields(kind):
        if field.name in content:
            found[field.name] = _fitted(
                hints[field.name], content[field.name], where, field.name, name
            )
        elif field.default is MISSING and field.default_factory is MISSING:
            raise BakeoffError(f"{where} is not {name}: expected the key {field.name!r}")
    return kind(**found)


def _fitted(kind: Any, value: Any, where: str, key: str, name: str) -> Any:
    of_class = [part for part in _alternatives(kind) if is_dataclass(part)]
    if of_class and isinstance(value, Mapping):
        return fitted(of_class[0], value, f"{where}: {key}", name)
    if get_origin(kind) is list and is_dataclass(get_args(kind)[0]) and isinstance(value, list):
        inner = get_args(kind)[0]
        return [fitted(inner, item, f"{where}: {key}[{at}]", name) for at, item in enumerate(value)]
    if not is_of(kind, value):
        raise BakeoffError(f"{where}: {key} is {_shown(value)}, expected {said(kind)}")
    return value


def is_of(kind: Any, value: Any) -> bool:
    """Whether a value that JSON can hold is of a type; numbers are finite, true is no number."""
    if kind is Any:
        return True
    if (parts := _alternatives(kind)) != (kind,):
        return any(is_of(part, value) for part in parts)
    match get_origin(kind), get_args(kind):
        case (None, _) if kind is float:
            return is_of(int, value) or (isinstance(value, float) and math.isfinite(value))
        case (None, _) if kind is int:
            return isinstance(value, int) and not isinstance(value, bool)
        case (None, _):
            return isinstance(value, kind)
        case origin, options if origin is Literal:
            return value in options
        case origin, (item,) if origin is list:
            return isinstance(value, list) and all(is_of(item, v) for v in value)
        case origin, items if origin is tuple:  # JSON has lists only
            same = isinstance(value, list | tuple) and len(value) == len(items)
            return same and all(is_of(item, v) for item, v in zip(items, value, strict=True))
        case origin, (key, item) if origin is dict:
            return isinstance(value, dict) and all(
                is_of(key, k) and is_of(item, v) for k, v in value.items()
            )
    raise TypeError(f"no rule for {kind}")


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


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
