"""A name that a file gives, as a path within the folder of that file."""

from pathlib import Path

from bakeoff.errors import BakeoffError


def inside(folder: Path, name: str) -> Path:
    """`folder / name`. Raises BakeoffError where that lies outside `folder`, by `..`, by an absolute path
    or by a link.
    """
    path = folder / name
    if _is_plain(name) and not _is_link(path):
        return path
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve()) and path != folder
    except (OSError, ValueError, RuntimeError):  # a zero byte, a loop of links
        is_inside = False
    if not is_inside:
        raise BakeoffError(
            f"{folder}: {name[:200]!r} is not in this folder: a record names files of its own folder only"
        )
    return path


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:  # a name too long, which no link has
        return False


def _is_plain(name: str) -> bool:
    """Whether a name is that of something directly in a folder, however the folder is named."""
    return Path(name).name == name and name not in ("", "..") and "\0" not in name
