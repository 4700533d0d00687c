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
STEP = re.compile(r"[^.\[\]]+")
Path = tuple[str | int, ...]


def refuse_growth(config: DictConfig | ListConfig, where: str) -> None:
    """Raises BakeoffError that names the key whose references stand for too much."""
    try:
        found = list(sizes(OmegaConf.to_container(config, resolve=False)))
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
            for name in REFERENCE.findall(node):
                yield size(_target(path, name))

    for key in _names(content):
        yield str(key), size((key,))


def _names(node: dict[str, Any] | list[Any]) -> Iterable[str | int]:
    return node if isinstance(node, dict) else range(len(node))


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
