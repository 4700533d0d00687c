"""Which code trains a run: a digest of the modules that its config names, of bakeoff's own that train it,
and of all that these import.

Modules are found and read, not imported. Those of installed packages stand by name and version, those of
the standard library by Python's version; what a module imports by a name that it makes up while it runs is
not seen.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.module_files import OWN, sources
from bakeoff.gate.targets import names
from bakeoff.store.digest import digest, file_digest

TRAINER = "bakeoff.run.fit"
ONLY_SHOW = ("rich", "tensorboard", "filelock")  # packages that no number depends on
# Others are looked for, which takes a third of a second.
DISTRIBUTIONS = {"hydra": "hydra-core", "PIL": "pillow", "sklearn": "scikit-learn"}
PYTHON = "python"
LENGTH = 12  # letters of a user's file's digest
_sources = cache(sources)


@dataclass(frozen=True)
class Code:
    """The code that trains a run: the files of its modules, and the versions of packages and of Python."""

    files: Mapping[str, Path]
    packages: Mapping[str, str]

    def digest(self) -> str:
        """SHA-256 of the files as they are now, and of the versions. Raises BakeoffError where a file is
        gone.
        """
        return digest({"modules": _digests(self.files), "packages": dict(self.packages)})

    def users(self) -> dict[str, str]:
        """The short SHA-256 of each file that is not bakeoff's, by its module. Raises BakeoffError."""
        users = {name: path for name, path in self.files.items() if name.split(".")[0] != OWN}
        return {name: found[:LENGTH] for name, found in _digests(users).items()}


def changed(users: Mapping[str, str]) -> list[str]:
    """Those of the modules that `Code.users` once gave that are others now, or not found from here."""
    return [name for name, before in users.items() if _now(name) != before]


def other_versions(packages: Mapping[str, str]) -> list[str]:
    """Those of the packages that `Code.packages` once gave that have another version now, in words."""
    now = {name: _python() if name == PYTHON else _version(name) for name in packages}
    return [
        f"{distribution(name)} ({before or 'not installed'}, now {now[name] or 'not installed'})"
        for name, before in packages.items()
        if now[name] != before
    ]


def distribution(package: str) -> str:
    """The usual name by which a package that is imported as `package` is installed."""
    return DISTRIBUTIONS.get(package, package).replace("_", "-")


def _now(module: str) -> str | None:
    path = dict(_sources(module)).get(module)
    try:
        return None if path is None else file_digest(path)[:LENGTH]
    except OSError:
        return None


def _digests(files: Mapping[str, Path]) -> dict[str, str]:
    try:
        return {name: file_digest(path) for name, path in files.items()}
    except OSError as error:
        raise BakeoffError(
            f"cannot read {error.filename}, which trains this run: {error.strerror}"
        ) from None


def code_of(config: DictConfig) -> Code:
    """The code that trains a config."""
    content = OmegaConf.to_container(
        OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
    )
    return _code_of(tuple(dict.fromkeys(names(content))))


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
    return Code(dict(sorted(files.items())), {PYTHON: _python(), **versions})


def _python() -> str:
    return ".".join(map(str, sys.version_info[:2]))


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
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package.rsplit(".", node.level - 1)[0] if node.level else ""
            of = ".".join(filter(None, (start, node.module)))
            found += [f"{of}.{alias.name}" for alias in node.names]
    return found


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All statements within a node; expressions, which are most of a file, import nothing."""
    for field in ("body", "handlers", "cases", "orelse", "finalbody"):
        for inner in getattr(node, field, ()):
            yield inner
            yield from _statements(inner)


@cache
def _version(package: str) -> str:
    try:
        return version(DISTRIBUTIONS.get(package, package))
    except PackageNotFoundError:
        names = packages_distributions().get(package, [])
        return " ".join(f"{name} {version(name)}" for name in sorted(set(names)))
