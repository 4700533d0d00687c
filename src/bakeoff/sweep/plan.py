"""An experiment and its overrides -> the jobs of its sweep, with every mistake found at once.

Needs Hydra only, not torch: a mistake on the command line is answered before anything heavy loads.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.hydra import Hydra
from hydra._internal.utils import create_config_search_path
from hydra.core.config_search_path import SearchPathQuery
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import (
    InterpolationResolutionError,
    InterpolationToMissingValueError,
    OmegaConfBaseException,
)

from bakeoff.errors import BakeoffError, suggestion
from bakeoff.run import run_id
from bakeoff.store import paths


@dataclass(frozen=True)
class Plan:
    """`jobs`: the overrides of each job. `configs`: one composed job for each choice of groups."""

    jobs: list[list[str]]
    configs: list[DictConfig]


def plan(
    config_name: str,
    overrides: Sequence[str],
    config_dir: Path | None = None,
    multirun: bool = False,
) -> Plan:
    """Compose and check the jobs of a config; `config_dir` is searched beside bakeoff's own `conf/`.

    Jobs that choose the same groups are composed once: their values are checked by key and type.
    Raises BakeoffError that lists all mistakes.
    """
    run_id.register()
    with _hydra(config_dir), _readable_errors():
        given = _parse(overrides)
        groups = _Groups(config_name, overrides)
        _refuse(groups.mistakes(given))
        base = _compose(config_name, [_first(o) for o in given if _structural(o, groups)])
        if multirun or base.hydra.mode == RunMode.MULTIRUN:
            params = base.hydra.sweeper.get("params") or {}
            swept = _parse([f"{key}={value}" for key, value in params.items()])
            _refuse(groups.mistakes(swept))
            given = [*swept, *given]
        # Expanded by Hydra's own sweeper, so that this list is what it will run.
        jobs = [list(job) for job in BasicSweeper.split_arguments(given, None)[0]]
        return Plan(jobs, _composed(config_name, given, jobs, groups))


def _composed(
    config_name: str, given: Sequence[Override], jobs: Sequence[Sequence[str]], groups: "_Groups"
) -> list[DictConfig]:
    values = [override for override in given if not _structural(override, groups)]
    keys = {override.get_key_element() for override in given if override not in values}
    configs, mistakes = {}, {}
    for job in jobs:
        choice = tuple(line for line in job if line.split("=")[0] in keys)
        if choice in configs:
            continue
        config = configs[choice] = _compose(config_name, choice)
        found = [m for override in values for m in _value_mistakes(override, config)]
        mistakes |= dict.fromkeys(found)
        if not found:
            _apply(_parse([line for line in job if line not in choice]), config)
            mistakes |= dict.fromkeys(_unresolved(config))
    _refuse(list(mistakes))
    return list(configs.values())


def _unresolved(config: DictConfig) -> list[str]:
    """A line for each part of a config that refers to what another part does not have."""
    found = []
    for key in config:
        if key == "hydra" or not OmegaConf.is_config(config._get_node(key)):
            continue
        try:
            OmegaConf.to_container(config[key], resolve=True)
        except InterpolationToMissingValueError:
            continue  # the value has no place to come from yet: what needs it says so by its own name
        except InterpolationResolutionError as error:
            found.append(
                f"{key}: {str(error).splitlines()[0]}: choose another option of {key}, or give "
                "the value in its place"
            )
    return found


def _apply(overrides: Sequence[Override], config: DictConfig) -> None:
    """As composing with them does, in a thousandth of the time."""
    for override in overrides:
        parent, _, name = override.key_or_group.rpartition(".")
        if override.is_delete():
            del (OmegaConf.select(config, parent) if parent else config)[name]
        else:
            OmegaConf.update(config, override.key_or_group, override.value(), force_add=True)


def _refuse(mistakes: Sequence[str]) -> None:
    if mistakes:
        raise BakeoffError("\n".join(mistakes))


@contextmanager
def _hydra(config_dir: Path | None) -> Iterator[None]:
    search_path = create_config_search_path(str(paths.conf_dir().resolve()))
    if config_dir is not None:
        before_schema = SearchPathQuery(provider="schema")  # Hydra wants that one last
        search_path.prepend("command-line", f"file://{config_dir.resolve()}", before_schema)
    GlobalHydra.instance().clear()
    Hydra.create_main_hydra2(task_name="bakeoff", config_search_path=search_path)
    try:
        yield
    finally:
        GlobalHydra.instance().clear()


@contextmanager
def _readable_errors() -> Iterator[None]:
    try:
        yield
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        raise BakeoffError(str(error).split("\n\nConfig search path")[0]) from None


def _compose(config_name: str, overrides: Sequence[str]) -> DictConfig:
    # As hydra.compose, which cannot tell a config's own hydra.mode.
    return GlobalHydra.instance().hydra.compose_config(
        config_name,
        list(overrides),
        RunMode.MULTIRUN,
        with_log_configuration=False,
        from_shell=False,
    )


def _parse(overrides: Sequence[str]) -> list[Override]:
    return OverridesParser.create().parse_overrides(list(overrides))


def _first(override: Override) -> str:
    """The override itself, or with the first of the values that it sweeps over."""
    return next(iter(BasicSweeper.split_arguments([override], None)[0]))[0]


def _structural(override: Override, groups: "_Groups") -> bool:
    """Whether an override decides which keys there are, or how many jobs; others only set values."""
    modes = ("hydra.searchpath", "hydra.mode")
    return override.key_or_group in modes or groups.chosen_by(override)


def _choices(override: Override) -> list[Any]:
    value = override.value()
    if override.is_sweep_override():
        return list(override.sweep_iterator())
    return [value]


class _Groups:
    """The config groups that overrides can choose from, on the search path of the primary config."""

    def __init__(self, config_name: str, overrides: Sequence[str]) -> None:
        self._config_name = config_name
        self._search_path = [o for o in overrides if o.startswith("hydra.searchpath=")]
        self._known: dict[tuple[str, ObjectType | None], list[str]] = {}

    def chosen_by(self, override: Override) -> bool:
        """Whether an override chooses an option of a group (and does not set a value)."""
        group = override.key_or_group
        return "." not in group and bool(self._list(group, None))

    def options(self, group: str) -> set[str]:
        """Every option of a group, those in sub-folders as `folder/option`."""
        names = set(self._list(group, ObjectType.CONFIG))
        for folder in self._list(group, ObjectType.GROUP):
            names |= {f"{folder}/{option}" for option in self.options(f"{group}/{folder}")}
        return names

    def mistakes(self, overrides: Sequence[Override]) -> list[str]:
        """A line for each option that does not exist."""
        found = []
        for override in overrides:
            if override.is_delete() or not self.chosen_by(override):
                continue
            options = self.options(override.key_or_group)
            names = [str(choice) for choice in _choices(override) if choice is not None]
            found += [
                f"{override.key_or_group}={name}: no such option{suggestion(name, options)}"
                for name in names
                if name not in options
            ]
        return found

    def _list(self, group: str, kind: ObjectType | None) -> list[str]:
        if (group, kind) not in self._known:
            loader = GlobalHydra.instance().config_loader()
            found = loader.get_group_options(group, kind, self._config_name, self._search_path)
            self._known[group, kind] = found
        return self._known[group, kind]


def _value_mistakes(override: Override, config: DictConfig) -> list[str]:
    """What is wrong with the key or the type of an override, given the config that it changes."""
    key = override.key_or_group
    if override.is_add() or override.is_force_add():
        return []
    plain = OmegaConf.to_container(config, resolve=False)
    keys = dict(_leaves(plain))
    if key not in keys:
        if any(known.startswith(f"{key}.") for known in keys):  # a whole section
            return []
        own = [known for known in keys if not known.startswith("hydra.")]
        groups = [str(name) for name in plain if name != "hydra"]
        near = suggestion(key, keys if key.startswith("hydra") else [*own, *groups])
        return [f"{override.input_line}: no such key{near}; a new key is added with +{key}=..."]
    if override.is_delete():
        return []
    return [
        f"{key}={value}: expected {expected}, as in {key}={keys[key]}"
        for value in _choices(override)
        if (expected := _other_type(keys[key], value))
    ]


def _leaves(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in node.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{key}.")
        else:
            yield key, value


def _other_type(present: Any, given: Any) -> str | None:
    """What is expected in place of `given`, or None where it fits the value in the config."""
    interpolated = isinstance(given, str) and given.startswith("${")
    if given is None or present is None or interpolated:
        return None
    number = isinstance(given, int | float) and not isinstance(given, bool)
    match present:
        case bool():
            return None if isinstance(given, bool) else "true or false"
        case int():
            return None if number and given == int(given) else "a whole number"
        case float():
            return None if number else "a number"
        case list():
            return None if isinstance(given, list) else "a list"
        case str() if not present.startswith("${") and present != "???":
            return "text" if isinstance(given, list | dict) else None
    return None
