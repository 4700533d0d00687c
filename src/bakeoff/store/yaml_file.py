"""The YAML files that Hydra leaves beside a run, read strictly."""

import io
from collections.abc import Iterable
from pathlib import Path

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError
from yaml import events as e

from bakeoff.errors import BakeoffError

MOST_CHARACTERS = 10_000_000
MOST_NODES = 1_000_000


def size(text: str) -> int:
    """How many values a YAML text has when every alias is replaced by what it stands for; nothing is built.

    Raises YAMLError.
    """
    sizes: dict[str, int] = {}
    total, open_nodes = 0, []
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, e.AliasEvent):
            total += sizes.get(event.anchor, 1)
        elif isinstance(event, e.NodeEvent):
            total += 1
            if isinstance(event, e.CollectionStartEvent):
                open_nodes.append((event.anchor, total))
            elif event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, e.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor:
                sizes[anchor] = total - before + 1
    return total


def read_yaml(path: Path, keys: Iterable[str], mend: str) -> DictConfig:
    """The config in a file, in which all of `keys` have a place; nothing in it is resolved.

    Raises BakeoffError, which ends with `mend`, where it cannot be read or is another file.
    """
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MOST_CHARACTERS + 1)
        if len(text) > MOST_CHARACTERS or size(text) > MOST_NODES:
            raise BakeoffError(
                f"{path} is too large: expected at most {MOST_CHARACTERS:,} characters and, with what its "
                f"aliases repeat, {MOST_NODES:,} values: {mend}"
            )
        config = OmegaConf.load(io.StringIO(text))
    except (YAMLError, OmegaConfBaseException, ValueError, RecursionError) as error:
        raise BakeoffError(f"{path} is damaged ({_short(error)}): {mend}") from None
    except OSError as error:  # OmegaConf raises one without a number for a file of one word
        reason = error.strerror or "not a mapping of keys"
        raise BakeoffError(f"cannot read {path}: {reason}: {mend}") from None
    if not isinstance(config, DictConfig):
        raise BakeoffError(f"{path} is not a config: expected keys, got a list: {mend}")
    if missing := [key for key in keys if key not in config]:
        raise BakeoffError(f"{path} is not a whole config: {', '.join(missing)} is missing: {mend}")
    return config


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
