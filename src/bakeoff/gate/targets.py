"""What a config names to be made: its `_target_`s, wherever they stand."""

from collections.abc import Iterator
from typing import Any

TARGET = "_target_"
# These only look up what `path` names.
NAMED_BY_PATH = ("hydra.utils.get_method", "hydra.utils.get_class", "hydra.utils.get_object")


def targets(node: Any, key: str = "") -> Iterator[tuple[str, dict]]:
    """The key and the node of everything that plain containers would make."""
    if isinstance(node, list):
        for at, value in enumerate(node):
            yield from targets(value, f"{key}[{at}]")
    elif isinstance(node, dict):
        if TARGET in node:
            yield key, node
        for name, value in node.items():
            yield from targets(value, f"{key}.{name}" if key else str(name))


def names(node: Any) -> Iterator[str]:
    """The dotted names of everything that plain containers would make, or name for that."""
    for _, found in targets(node):
        target, path = found[TARGET], found.get("path")
        if isinstance(target, str):
            yield target
            if target in NAMED_BY_PATH and isinstance(path, str):
                yield path
