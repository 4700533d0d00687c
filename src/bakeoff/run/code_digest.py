"""Which code trains a run: a digest of the modules that its config names, of bakeoff's own that train it,
and of all that these import.

Modules are found and read, not imported. Those of installed packages stand by name and version, those of
the standard library by Python's version; what a module imports by a name that it makes up while it runs is
not seen.
"""

import ast
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store.digest import digest, file_digest

TRAINER = "bakeoff.run.fit"
OWN = "bakeoff"  # by content, however it is installed
NAMED_BY_PATH = ("hydra.utils.get_method", "hydra.utils.get_class", "hydra.utils.get_object")
ONLY_SHOW = ("rich", "tensorboard", "filelock")  # packages that no number depends on
FOLDERS_OF_PACKAGES = {"site-packages", "dist-packages"}
# Others are looked for, which takes a third of a second.
DISTRIBUTIONS = {"hydra": "hydra-core", "PIL": "pillow"}


@dataclass(frozen=True)
class Code:
    """The code that trains a run: the files of its modules, and the versions of packages and of Python."""

    files: Mapping[str, Path]
    packages: Mapping[str, str]

    def digest(self) -> str:
        """SHA-256 of the files as they are now, and of the versions. Raises BakeoffError where a file is
        gone.
        """
        try:
            modules = {name: file_digest(path) for name, path in self.files.items()}
        except OSError as error:
            raise BakeoffError(
                f"cannot read {error.filename}, which trains this run: {error.strerror}"
            ) from None
        return digest({"modules": modules, "packages": dict(self.packages)})


def code_of(config: DictConfig) -> Code:
    """The code that trains a config."""
    content = OmegaConf.to_container(
        OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
    )
    return _code_of(tuple(dict.fromkeys(targets(content))))


@cache
def _code_of(names: tuple[str, ...]) -> Code:
    files: dict[str, Path] = {}
    packages: set[str] = set()
    waiting = [TRAINER, *names]
    while waiting:
        for module, path in _sources(waiting.pop()):
            if path is None:
                packages.add(module)
            elif module not in files:
                files[module] = path
                waiting += _imports(module, path)
    versions = {name: _version(name) for name in sorted(packages.difference(ONLY_SHOW))}
    python = ".".join(map(str, sys.version_info[:2]))
    return Code(dict(sorted(files.items())), {"python": python, **versions})


def targets(node: Any) -> Iterator[str]:
    """The dotted names of everything that a config instantiates, or names for that."""
    if isinstance(node, list):
        for value in node:
            yield from targets(value)
    elif isinstance(node, dict):
        target = node.get("_target_")
        if isinstance(target, str):
            yield target
            if target in NAMED_BY_PATH and isinstance(node.get("path"), str):
                yield node["path"]
        for value in node.values():
            yield from targets(value)


@cache
def _sources(name: str) -> list[tuple[str, Path | None]]:
    """The modules along a dotted name, of which the last parts may be no modules, with their files; a
    package that is installed by its first name, without a file.
    """
    top, *parts = name.split(".")
    if top in sys.stdlib_module_names or top == "":
        return []
    spec = _top(top)
    if spec is None:
        return []
    if top != OWN and _is_installed(spec):
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


def _top(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name)
    except (ImportError, ValueError, AttributeError):  # a module without a spec, such as __main__
        return None


def _is_installed(spec: ModuleSpec) -> bool:
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


@cache
def _imports(module: str, path: Path) -> list[str]:
    """The dotted names that a module imports, wherever in its file."""
    if path.suffix != ".py":
        return []
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError:  # importing it says so
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package.rsplit(".", node.level - 1)[0] if node.level else ""
            of = ".".join(filter(None, (start, node.module)))
            found += [f"{of}.{alias.name}" for alias in node.names]
    return found


@cache
def _version(package: str) -> str:
    try:
        return version(DISTRIBUTIONS.get(package, package))
    except PackageNotFoundError:
        names = packages_distributions().get(package, [])
        return " ".join(f"{name} {version(name)}" for name in sorted(set(names)))
