"""What configs hold: parts that are equal in several are tried once."""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError


class Content:
    """A config, and its resolved content in plain containers; without Hydra's own settings."""

    def __init__(self, config: DictConfig) -> None:
        self._config = config
        self.plain = _plain(config)
        self._texts: dict[str, str] = {}

    @cached_property
    def config(self) -> DictConfig:
        """To make objects from."""
        return _masked(self._config)

    def text(self, *sections: str) -> str:
        """The content of sections; equal for equal contents."""
        for name in sections:
            if name not in self._texts:
                self._texts[name] = _text(self.plain.get(name))
        return "\n".join(self._texts[name] for name in sections)


def distinct(contents: Iterable[Content], *sections: str) -> list[DictConfig]:
    """One config for each content of these sections."""
    found: dict[str, Content] = {}
    for content in contents:
        found.setdefault(content.text(*sections), content)
    return [content.config for content in found.values()]


def _plain(config: DictConfig) -> dict[str, Any]:
    """The content of a config, resolved where no value is missing."""
    try:
        return {name: _resolved(config, name) for name in config if name != "hydra"}
    except InterpolationToMissingValueError:  # named as a missing value
        return OmegaConf.to_container(_masked(config), resolve=False)


def _resolved(config: DictConfig, name: str) -> Any:
    if OmegaConf.is_missing(config, name):
        return "???"
    value = config[name]
    return OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value


def _masked(config: DictConfig) -> DictConfig:
    return OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, default=str)
