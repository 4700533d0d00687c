"""Composing configs with Hydra outside of its application.

Hydra's public `hydra.compose` sets `hydra.mode` itself, so that a config's own cannot be told; composing
goes through the config loader, whose interface (`hydra.core.config_loader`) is public too.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import hydra
from hydra import initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import SearchPathQuery
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, ValueType
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from bakeoff.errors import BakeoffError
from bakeoff.gate.growth import refuse_growth
from bakeoff.store import paths
from bakeoff.sweep.compose import bounded_sources, package_sources
from bakeoff.sweep.compose.launchers import prefer_own

SEARCH_PATH = "hydra.searchpath"
DOCS = re.compile(r"https?://hydra\.cc/docs/(?:\d+\.\d+/)?")  # of any version
NULL = re.compile(r"(?<![\w./-])null(?![\w./-])")  # which Hydra does not take for an option


class _Nested:
    """Stands for Hydra's config loader where it lists the options that a glob chooses from."""

    def __init__(self, composer: "Composer") -> None:
        self._composer = composer

    def get_group_options(self, group_name: str, **_: Any) -> list[str]:
        """Every option of a group, those in sub-folders too."""
        return sorted(self._composer.options(group_name))


class Composer:
    """Composes the primary config `config_name` from what `loader` finds on its search path.

    `overrides` are those of the whole command: a search path among them tells where groups are found.
    """

    def __init__(self, loader: ConfigLoader, config_name: str, overrides: Sequence[str]) -> None:
        self.config_name = config_name
        self._loader = loader
        self._search_path = [o for o in overrides if o.lstrip("+").startswith(f"{SEARCH_PATH}=")]
        self._known: dict[tuple[str, ObjectType | None], list[str]] = {}
        self._folders: list[Path] | None = None

    def parse(self, overrides: Sequence[str]) -> list[Override]:
        """Overrides as Hydra reads them, where null chooses the option `none` of a group that has one, and
        `model=glob(lenet5/*)` the options in a sub-folder: Hydra's glob looks at those of the group alone.

        Raises BakeoffError for words that are no overrides.
        """
        with readable_errors():
            lines = [self._without_null(line) for line in overrides]
            parsed = OverridesParser.create(self._loader).parse_overrides(lines)
        for override in parsed:
            is_glob = override.value_type == ValueType.GLOB_CHOICE_SWEEP
            if is_glob and any("/" in pattern for pattern in override.value().include):
                override.config_loader = _Nested(self)
        return parsed

    def _without_null(self, line: str) -> str:
        group, equals, value = line.partition("=")
        if not NULL.search(value) or "." in group or "none" not in self.options(group.lstrip("+")):
            return line
        return f"{group}{equals}{NULL.sub('none', value)}"

    def compose(self, overrides: Sequence[str], mode: RunMode) -> DictConfig:
        """The config with Hydra's own settings in it; a MULTIRUN may leave open what its jobs choose.

        Raises BakeoffError where Hydra refuses it, and where its references make it grow too large.
        """
        with readable_errors():
            config = self._loader.load_configuration(
                self.config_name, list(overrides), run_mode=mode, from_shell=False
            )
        refuse_growth(config, self.config_name)
        return config

    def chooses(self, override: Override) -> bool:
        """Whether an override chooses an option of a group, and does not set a value."""
        group = override.key_or_group
        return "." not in group and bool(self._list(group, None))

    def decides_keys(self, override: Override) -> bool:
        """Whether an override decides which keys there are, or how many jobs; others only set values."""
        return override.key_or_group in (SEARCH_PATH, "hydra.mode") or self.chooses(override)

    def options(self, group: str) -> set[str]:
        """Every option of a group, those in sub-folders as `folder/option`."""
        names = set(self._list(group, ObjectType.CONFIG))
        for folder in self._list(group, ObjectType.GROUP):
            names |= {f"{folder}/{option}" for option in self.options(f"{group}/{folder}")}
        return names

    def groups(self, parent: str) -> list[str]:
        """The groups within a group; those of the whole for the empty name."""
        return sorted(self._list(parent, ObjectType.GROUP))

    def search_path(self) -> list[str]:
        """The search path that the primary config and the overrides ask for."""
        return list(self.compose(self._search_path, RunMode.RUN).hydra.searchpath)

    def file(self, config: str) -> Path | None:
        """The file on the search path of a config such as `model/lenet5/deep`; None without one."""
        if self._folders is None:
            sources = self.compose(self._search_path, RunMode.RUN).hydra.runtime.config_sources
            self._folders = [Path(one.path) for one in sources if one.schema == "file"]
        files = [folder / f"{config}.yaml" for folder in self._folders]
        return next((file for file in files if file.is_file()), None)

    def _list(self, group: str, kind: ObjectType | None) -> list[str]:
        if (group, kind) not in self._known:
            with readable_errors():
                self._known[group, kind] = self._listed(group, kind)
        return self._known[group, kind]

    def _listed(self, group: str, kind: ObjectType | None) -> list[str]:
        # `get_group_options` reads the primary config for each group, to find its search path.
        if self._is_searched_elsewhere:
            return self._loader.get_group_options(group, kind, self.config_name, self._search_path)
        return self._loader.repository.get_group_options(group, kind)

    @cached_property
    def _is_searched_elsewhere(self) -> bool:
        """Whether the overrides or the primary config name a search path."""
        primary = self._loader.repository.load_config(self.config_name)
        own = primary is not None and OmegaConf.select(primary.config, SEARCH_PATH)
        return bool(own or self._search_path)


@contextmanager
def config_loader(config_dir: Path | None) -> Iterator[ConfigLoader]:
    """Hydra's config loader for bakeoff's own `conf/`, and for `config_dir` as after --config-dir."""
    GlobalHydra.instance().clear()
    bounded_sources.register()
    package_sources.register()
    with initialize_config_dir(str(paths.conf_dir().resolve()), "train", version_base="1.3"):
        prefer_own()
        loader = GlobalHydra.instance().config_loader()
        if config_dir is not None:
            search_path, schema = loader.get_search_path(), SearchPathQuery(provider="schema")
            search_path.prepend("command-line", f"file://{config_dir.resolve()}", schema)
            # Not in the loader's interface: a second folder is read after --config-dir only, by Hydra's
            # own command line.
            loader.repository.initialize_sources(search_path)
        yield loader


def noted(config: DictConfig, kind: str) -> list[str]:
    """The overrides that Hydra notes in a config, `hydra` or `task`, as typed: references stay."""
    return OmegaConf.to_container(config.hydra.overrides[kind], resolve=False)


@contextmanager
def readable_errors() -> Iterator[None]:
    """Hydra's and OmegaConf's errors as BakeoffError."""
    try:
        yield
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        said = (
            str(error).split("\n\nConfig search path")[0]
            or f"{type(error).__name__}: a config cannot be read"
        )
        raise BakeoffError(DOCS.sub(docs_address(), said)) from None


def docs_address() -> str:
    """Where the documentation of the installed version of Hydra begins."""
    major, minor = hydra.__version__.split(".")[:2]
    return f"https://hydra.cc/docs/{major}.{minor}/"
