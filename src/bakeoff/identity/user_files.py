"""The user's files that a config names: their content counts, not their place.

A class that a `_target_` names declares them by a static method `files(**settings)`. The method gets the
settings that the config has for the class, and returns the files by the setting that names them:

    @staticmethod
    def files(folder: str, **_: Any) -> dict[str, list[Path]]:
        return {"folder": sorted(Path(folder).rglob("*.csv"))}
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.gate.locate import locate
from bakeoff.store.digest import digest, known_file_digest

OWN = "bakeoff."
SPECIAL = "_"  # settings that begin with it are Hydra's, such as _target_ and _partial_


def by_content(node: Any, key: str = "") -> Any:
    """Plain containers with a digest of the files' content in place of each setting that names files.

    Raises BakeoffError where a class cannot declare its files for the settings at `key`.
    """
    if isinstance(node, list):
        return [by_content(value, f"{key}[{at}]") for at, value in enumerate(node)]
    if not isinstance(node, dict):
        return node
    found = _declared(node, key)
    return {
        name: content_digest(found[name], Path(str(value)).expanduser())
        if name in found
        else by_content(value, f"{key}.{name}" if key else name)
        for name, value in node.items()
    }


def tells_content(target: str) -> bool:
    """Whether the id of a run follows the content of data of this class: that of bakeoff's own does, and
    that of a user's class where it declares its files.
    """
    if target.startswith(OWN):
        return True
    try:
        return callable(getattr(locate(target), "files", None))
    except Exception:  # a user's module can raise anything
        return False


def declared_digest(node: Any) -> str | None:
    """A digest of all files that plain containers name; None where no class declares any."""
    found = list(_digests(node))
    return digest(found) if found else None


def _digests(node: Any) -> Iterator[str]:
    for value in node if isinstance(node, list) else ():
        yield from _digests(value)
    if isinstance(node, dict):
        found = _declared(node, "data")
        for name, value in node.items():
            if name in found:
                yield content_digest(found[name], Path(str(value)).expanduser())
            else:
                yield from _digests(value)


def content_digest(files: Iterable[Path], place: Path) -> str:
    """SHA-256 of the names and contents of `files`; a name is the path within `place`, so that a folder or
    a file that moves stays the same.

    The path itself stands for a file that cannot be read: the check before the training will say so.
    """
    found = [[_name(path, place), _file_content(path)] for path in files]
    return digest(sorted(found))


def _declared(node: Mapping[str, Any], key: str) -> Mapping[str, Iterable[Path]]:
    """The files that the class of a node declares; none where it declares none or cannot be imported."""
    if "_target_" not in node:
        return {}
    try:
        declare = getattr(locate(str(node["_target_"])), "files", None)
    except Exception:  # a user's module can raise anything; making the object says what
        return {}
    if not callable(declare):
        return {}
    settings = {name: value for name, value in node.items() if not name.startswith(SPECIAL)}
    try:
        return declare(**settings)
    except TypeError as error:
        raise BakeoffError(
            f"{key}: {node['_target_']}.files cannot say which files these settings name: {error}"
        ) from None


def _name(path: Path, place: Path) -> str:
    return path.relative_to(place).as_posix() if path.is_relative_to(place) else path.name


def _file_content(path: Path) -> str:
    try:
        return known_file_digest(path)
    except OSError:
        return str(path)
