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

MOST_CHARACTERS = 1_000_000
MOST_NODES = 50_000  # which take OmegaConf some seconds
MOST_DEPTH = 100
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def size(text: str) -> int:
    """How many values a YAML text has when every alias is replaced by what it stands for; nothing is built.
    It stops counting above MOST_NODES.

    Raises YAMLError, also where the text is nested deeper than MOST_DEPTH.
    """
    sizes: dict[str, int] = {}
    total, open_nodes = 0, []
    for event in yaml.parse(text, PARSER):
        if total > MOST_NODES:
            break
        if isinstance(event, e.AliasEvent):
            total += sizes.get(event.anchor, 1)
        elif isinstance(event, e.NodeEvent):
            total += 1
            if isinstance(event, e.CollectionStartEvent):
                open_nodes.append((event.anchor, total))
                if len(open_nodes) > MOST_DEPTH:
                    raise YAMLError(f"nested more than {MOST_DEPTH} deep")
            elif event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, e.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor:
                sizes[anchor] = total - before + 1
    return total


def bounded_text(path: Path, mend: str) -> str:
    """The text of a YAML file. Raises BakeoffError, which ends with `mend`, where it is too large or no
    file, OSError, UnicodeDecodeError and YAMLError.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):  # a FIFO would be waited for
        raise BakeoffError(f"{path} is not a file: {mend}")
    with path.open(encoding="utf-8") as file:
        text = file.read(MOST_CHARACTERS + 1)
    if len(text) > MOST_CHARACTERS or size(text) > MOST_NODES:
        raise BakeoffError(
            f"{path} is too large: expected at most {MOST_CHARACTERS:,} characters and, with what its "
            f"aliases repeat, {MOST_NODES:,} values: {mend}"
        )
    return text


def read_yaml(path: Path, keys: Iterable[str], mend: str) -> DictConfig:
    """The config in a file, in which all of `keys` have a place; nothing in it is resolved.

    Raises BakeoffError, which ends with `mend`, where it cannot be read or is another file.
    """
    try:
        config = OmegaConf.load(io.StringIO(bounded_text(path, mend)))
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
