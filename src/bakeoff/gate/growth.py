"""How large a config becomes when its references are replaced by what they stand for; nothing is resolved.

A few lines such as `a: ${b}${b}`, `b: ${c}${c}` stand for billions of characters.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf

from bakeoff.errors import BakeoffError

MOST = 10_000_000  # characters and values, ten times what a file may have
REFERENCE = re.compile(r"\$\{\s*([^{}$:]+?)\s*\}")
MOST_WITHIN = 3  # references within one name
NAME = re.compile(r"[\w./@\[\]-]{1,200}")
# Resolvers that give what stands at a key.
LOOKUPS = r"(oc\.select|oc\.deprecated|oc\.dict\.keys|oc\.dict\.values|hydra)\s*:"
LOOKUP = re.compile(rf"\$\{{\s*{LOOKUPS}")
# As in ${a.${b}} and ${oc.select:a.${b}}.
WITHIN_NAME = re.compile(rf"(\$\{{(?:\s*{LOOKUPS})?[^{{}}:,]*)\$\{{([^{{}}$:]*)(\}}?)")
KEY = re.compile(rf"\s*(['\"]?)({NAME.pattern})\1\s*[,}}]")
# Resolvers that read their text as config, in which it may have references of its own.
READ = re.compile(r"\$\{\s*oc\.(?:decode|create)\s*:")
# What holds no reference, but to the environment.
PLAIN = re.compile(r"(?:\$\{\s*oc\.env\s*:[^${}\\]*\}|[^$\\])*")
STEP = re.compile(r"[^.\[\]]+")
Path = tuple[str | int, ...]


def refuse_growth(config: DictConfig | ListConfig, where: str) -> None:
    """Raises BakeoffError that names the key whose references stand for too much, or for what cannot be
    told before they are resolved.
    """
    try:
        found = list(sizes(OmegaConf.to_container(config, resolve=False)))
    except BakeoffError as error:
        raise BakeoffError(f"{where}: {error}") from None
    except RecursionError:
        raise BakeoffError(
            f"{where}: its references lead to references too often: expected a few steps to a value"
        ) from None
    for key, size in found:
        if size > MOST:
            raise BakeoffError(
                f"{where}: {key}: with what its references repeat, this stands for more than {MOST:,} "
                "characters: let them repeat less"
            )


def sizes(content: dict[str, Any] | list[Any]) -> Iterator[tuple[str, int]]:
    """Each key of the first level with the size of what it holds: the characters of texts, and one for
    every other value. A reference to itself, or to what is not there, counts nothing: resolving it fails.

    Raises BakeoffError where it cannot be told what a reference leads to.
    """
    known: dict[Path, int] = {}

    def size(path: Path) -> int:
        if path not in known:
            known[path] = 0  # while it is worked out
            known[path] = sum(parts(path, _at(content, path)))
        return known[path]

    def parts(path: Path, node: Any) -> Iterator[int]:
        yield 1
        if isinstance(node, dict | list):
            yield from (size((*path, name)) for name in _names(node))
        elif isinstance(node, str):
            yield len(node)
            yield from map(size, _targets(content, path, node))

    for key in _names(content):
        yield str(key), size((key,))


def _names(node: dict[str, Any] | list[Any]) -> Iterable[str | int]:
    return node if isinstance(node, dict) else range(len(node))


def _targets(content: Any, path: Path, text: str) -> Iterator[Path]:
    """Where the references in the text at `path` lead. Raises BakeoffError where that cannot be told."""

    def put_in(found: re.Match[str]) -> str:
        value = str(_at(content, _target(path, found[3]))) if found[4] else ""
        if not NAME.fullmatch(value):
            raise _unforeseeable(
                path, found[0], "expected a reference to a plain name within a name"
            )
        return found[1] + value

    for _ in range(MOST_WITHIN):
        text = WITHIN_NAME.sub(put_in, text)
    if found := WITHIN_NAME.search(text):
        raise _unforeseeable(path, found[0], f"expected at most {MOST_WITHIN} within a name")
    for name in REFERENCE.findall(text):
        yield _target(path, name)
    for found in LOOKUP.finditer(text):
        key = KEY.match(text, found.end())
        if key is None:
            raise _unforeseeable(path, found[0], "expected a plain key")
        yield ("hydra", *STEP.findall(key[2])) if found[1] == "hydra" else _target(path, key[2])
    for found in READ.finditer(text):
        if not PLAIN.fullmatch(text, found.end()):
            raise _unforeseeable(path, found[0], "expected no reference, but to the environment")


def _unforeseeable(path: Path, text: str, expected: str) -> BakeoffError:
    key = ".".join(map(str, path))
    return BakeoffError(
        f"{key}: {text[:100]!r}...: it cannot be told how much this stands for: {expected}"
    )


def _target(path: Path, name: str) -> Path:
    """Where a reference leads that stands at `path`: dots before it go up from there."""
    dots = len(name) - len(name.lstrip("."))
    start = path[: max(0, len(path) - dots)] if dots else ()
    return (*start, *STEP.findall(name))


def _at(content: Any, path: Path) -> Any:
    for step in path:
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and str(step).isdecimal() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content
