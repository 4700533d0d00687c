"""A name that a file gives, as a path within the folder of that file."""

from pathlib import Path

from bakeoff.errors import BakeoffError


def inside(folder: Path, name: str) -> Path:
    """`folder / name`. Raises BakeoffError where that lies outside `folder`, by `..`, by an absolute path
    or by a link.
    """
    path = folder / name
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve()) and path != folder
    except (OSError, ValueError, RuntimeError):  # a zero byte, a loop of links
        is_inside = False
    if not is_inside:
        raise BakeoffError(
            f"{folder}: {name[:200]!r} is not in this folder: a record names files of its own folder only"
        )
    return path
