"""The files of modules by their dotted names, found without importing anything.

Only a name's first part is asked of Python's finders; what lies in a package is found by its files.
"""

import sys
import sysconfig
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import find_spec
from pathlib import Path

OWN = "bakeoff"  # by its files, however it is installed
PLUGINS = "hydra_plugins"
FOLDERS_OF_PACKAGES = {"site-packages", "dist-packages"}


def sources(name: str) -> list[tuple[str, Path | None]]:
    """The modules along a dotted name, of which the last parts may be no modules, with their files; a
    package that is installed by its first name, without a file.
    """
    top, *parts = name.split(".")
    if top in sys.stdlib_module_names or top == "":
        return []
    spec = spec_of(top)
    if spec is None:
        return []
    if top != OWN and is_installed(spec):
        return [(top, None)]
    found: list[tuple[str, Path | None]] = []
    file = Path(spec.origin) if spec.has_location and spec.origin else None
    folders = [Path(place) for place in spec.submodule_search_locations or ()]
    while True:
        if file is not None:
            found.append((top, file))
        if not parts or not folders:
            return found
        part = parts.pop(0)
        top, (file, folders) = f"{top}.{part}", _child(folders, part)


def _child(folders: Sequence[Path], name: str) -> tuple[Path | None, list[Path]]:
    """The file of a module in a package, and the folders of its own modules where it is a package too."""
    packages = [folder / name for folder in folders if (folder / name).is_dir()]
    for folder in folders:
        for file in (folder / name / "__init__.py", folder / f"{name}.py"):
            if file.is_file():
                return file, packages[:1] if file.name == "__init__.py" else []
        for suffix in EXTENSION_SUFFIXES:
            if (folder / f"{name}{suffix}").is_file():
                return folder / f"{name}{suffix}", []
    return None, packages


def spec_of(name: str) -> ModuleSpec | None:
    """Where a top-level module is; None where there is none, or where it does not say."""
    try:
        return find_spec(name)
    except (ImportError, ValueError, AttributeError):  # a module without a spec, such as __main__
        return None


def is_installed(spec: ModuleSpec) -> bool:
    """Whether a top-level module is an installed package, or of the standard library."""
    places = [spec.origin] if spec.has_location and spec.origin else []
    places += list(spec.submodule_search_locations or ())
    paths = sysconfig.get_paths()
    homes = [Path(paths[key]).resolve() for key in ("purelib", "platlib", "stdlib")]
    found = [Path(place).resolve() for place in places]
    # Packages may be of another environment too, as those of the system that a virtual one shows.
    return any(
        not FOLDERS_OF_PACKAGES.isdisjoint(place.parts) or place.is_relative_to(home)
        for place in found
        for home in homes
    )


def exists(name: str) -> bool:
    """Whether the first part of a dotted name is a module that could be imported."""
    top = name.split(".")[0]
    return top in sys.stdlib_module_names or top in sys.modules or spec_of(top) is not None


def lies_below(folder: Path, name: str) -> bool:
    """Whether a dotted name leads into modules of which every file lies below `folder`, links followed.

    Installed packages do not count, also where their environment is below the folder; nor does bakeoff.
    """
    top, folder = name.split(".")[0], folder.resolve()
    spec = None if top in (OWN, PLUGINS) or top in sys.stdlib_module_names else spec_of(top)
    if spec is None or is_installed(spec):
        return False
    places = [path for _, path in sources(name) if path is not None]
    # A namespace package has no file of its own.
    places = places or [Path(place) for place in spec.submodule_search_locations or ()]
    return bool(places) and all(place.resolve().is_relative_to(folder) for place in places)
