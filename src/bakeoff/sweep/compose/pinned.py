"""`latest` -> the folder that it names now, wherever a config names a run to start from.

The link moves on, while the runs of a sweep and the command that repeats them must start from the same
weights.
"""

import re
from collections.abc import Collection
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity.run_id import starts_from
from bakeoff.store import paths

LATEST = re.compile(rf"[\w./-]*\b{paths.LATEST}\b(?![\w./-])")


def pinned(text: str) -> str:
    """A run, or several of them separated by commas, without `latest`."""
    return LATEST.sub(_folder, text)


def pinned_override(override: Override, keys: Collection[str]) -> str:
    """An override as it was typed; without `latest` where its key is one of `keys`."""
    line = override.input_line
    if override.key_or_group not in keys or "=" not in line:
        return line
    key, value = line.split("=", 1)
    return f"{key}={pinned(value)}"


def pins(config: DictConfig) -> dict[str, str]:
    """What the keys that name a run to start from name now, by key, where a config says `latest`."""
    found = {}
    for key in starts_from(config):
        value = OmegaConf.select(config, key)
        if isinstance(value, str) and pinned(value) != value:
            found[key] = pinned(value)
    return found


def is_open(value: Any) -> bool:
    """Whether a value may be another run later: `latest`, or a reference."""
    return isinstance(value, str) and ("${" in value or LATEST.search(value) is not None)


def _folder(match: re.Match[str]) -> str:
    try:
        folder = paths.sweep_dir(match[0])
    except BakeoffError:  # the check before the training says so
        return match[0]
    outputs = paths.OUTPUTS.resolve()
    return str(folder.relative_to(outputs) if folder.is_relative_to(outputs) else folder)
