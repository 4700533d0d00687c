"""A composed config in which values change from job to job."""

import pickle
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf, open_dict

from bakeoff.sweep.compose.compose import readable_errors

PRIMITIVE = int | float | bool | str | None
REFERENCE = "${"
# One by keys alone, without resolvers: how far up it starts, and its first key.
PLAIN_REFERENCE = re.compile(r"\$\{(\.*)([A-Za-z_]\w*)[\w.\[\]]*\}")
ANYTHING = "*"


class Template:
    """The sections of a config as overrides make them, each worked out once for the same overrides.

    Copying and resolving a whole config takes milliseconds, and a sweep has thousands of jobs that differ
    in few values. A section is resolved anew where a section that it refers to has other values. Sections
    that are `hidden` can be referred to and are in a config, but not in the results. These are shared
    between jobs: nobody may change them. Nor may anybody change overrides that were given to a template.
    """

    def __init__(self, config: DictConfig, hidden: Collection[str] = ()) -> None:
        self._packed = pickle.dumps(config)
        self.names = [str(name) for name in config if name not in hidden]
        plain = OmegaConf.to_container(config, resolve=False)
        self._plain = plain
        direct = {str(name): set(_referred(plain[name], str(name))) for name in plain}
        self._depends = {name: _closure(name, direct) for name in self.names}
        self._resolved: dict[tuple[str, tuple[str, ...]], Any] = {}
        self._texts: dict[tuple[str, tuple[str, ...]], str] = {}
        self._live: DictConfig | None = None
        self._filled: Sequence[Override] = ()

    def config(self, overrides: Sequence[Override]) -> DictConfig:
        """A new config with these values."""
        config = pickle.loads(self._packed)
        set_values(overrides, config)
        return config

    def live(self, overrides: Sequence[Override]) -> DictConfig:
        """The config with these values, until the next call of any method."""
        if self._live is None or self._filled is not overrides:
            if self._live is None or not _replaces(overrides, self._filled):
                self._live = self.config(overrides)
            else:
                set_values(overrides, self._live)
            self._filled = overrides
        return self._live

    def section(self, name: str, overrides: Sequence[Override]) -> Any:
        """A section, resolved, as plain containers. Raises OmegaConf's errors where that is impossible."""
        depends = self._depends.get(name, {name})
        if ANYTHING in depends or self._is_entangled(overrides):
            return self._resolve(name, overrides)
        key = (name, _of_sections(depends, overrides))
        if key not in self._resolved:
            self._resolved[key] = self._resolve(name, overrides)
        return self._resolved[key]

    def _resolve(self, name: str, overrides: Sequence[Override]) -> Any:
        config = self.live(overrides)
        value = "???" if OmegaConf.is_missing(config, name) else config[name]
        return OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value

    def text(self, overrides: Sequence[Override]) -> str:
        """The config as YAML, with references as they were typed."""
        names = dict.fromkeys([*self.names, *(_section_of(o) for o in overrides)])
        return "".join(self._text(name, overrides) for name in names)

    def _text(self, name: str, overrides: Sequence[Override]) -> str:
        if self._is_entangled(overrides):
            return self._write(name, overrides)
        key = (name, _of_sections({name}, overrides))
        if key not in self._texts:
            self._texts[key] = self._write(name, overrides)
        return self._texts[key]

    def _write(self, name: str, overrides: Sequence[Override]) -> str:
        section = OmegaConf.masked_copy(self.live(overrides), [name])
        return OmegaConf.to_yaml(section) if section else ""

    def _is_entangled(self, overrides: Sequence[Override]) -> bool:
        """Whether a value of one section may change what another one holds."""
        return any(REFERENCE in o.input_line or self._leads_away(o) for o in overrides)

    def _leads_away(self, override: Override) -> bool:
        """Whether a reference stands where an override sets a value within a section."""
        node: Any = self._plain
        for part in override.key_or_group.split(".")[:-1]:
            node = node.get(part) if isinstance(node, dict) else None
        return isinstance(node, str)


class Sections(Mapping[str, Any]):
    """The resolved sections of a template with these values, each worked out when it is asked for."""

    def __init__(self, template: Template, overrides: Sequence[Override]) -> None:
        self._template, self._overrides = template, overrides

    def __getitem__(self, name: str) -> Any:
        if name not in self._names():
            raise KeyError(name)
        return self._template.section(name, self._overrides)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> Mapping[str, None]:
        found = dict.fromkeys([*self._template.names, *map(_section_of, self._overrides)])
        for override in self._overrides:
            if override.is_delete() and "." not in override.key_or_group:
                found.pop(override.key_or_group, None)
        return found


def set_values(overrides: Sequence[Override], config: DictConfig) -> None:
    """Set values as composing with these overrides does. Raises BakeoffError."""
    with readable_errors():
        for override in overrides:
            parent, _, name = override.key_or_group.rpartition(".")
            if override.is_delete():
                section = OmegaConf.select(config, parent) if parent else config
                with open_dict(section):
                    del section[name]
            else:
                OmegaConf.update(config, override.key_or_group, override.value(), force_add=True)


def _replaces(overrides: Sequence[Override], before: Sequence[Override]) -> bool:
    """Whether setting the values of `overrides` leaves nothing of those of `before`."""
    plain = all(
        not o.is_delete() and isinstance(o.value(), PRIMITIVE) for o in (*overrides, *before)
    )
    return plain and [o.key_or_group for o in overrides] == [o.key_or_group for o in before]


def _section_of(override: Override) -> str:
    return override.key_or_group.partition(".")[0]


def _of_sections(names: Collection[str], overrides: Sequence[Override]) -> tuple[str, ...]:
    return tuple(o.input_line for o in overrides if _section_of(o) in names)


def _referred(node: Any, section: str, depth: int = 1) -> Iterator[str]:
    """The sections that a node of a section refers to; ANYTHING where that cannot be told."""
    if isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _referred(value, section, depth + 1)
    elif isinstance(node, str) and REFERENCE in node:
        for dots, first in PLAIN_REFERENCE.findall(node):
            inside = 0 < len(dots) < depth  # a relative one that stays in its section
            yield section if inside else ANYTHING if dots else first
        if REFERENCE in PLAIN_REFERENCE.sub("", node):
            yield ANYTHING


def _closure(name: str, direct: Mapping[str, Collection[str]]) -> set[str]:
    """A section and those that it depends on, through others too."""
    found, waiting = {name}, [name]
    while waiting:
        new = set(direct.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found
