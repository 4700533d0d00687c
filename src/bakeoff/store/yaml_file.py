"""The YAML files that Hydra leaves beside a run, read strictly."""

from collections.abc import Iterable
from pathlib import Path

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from bakeoff.errors import BakeoffError


def read_yaml(path: Path, keys: Iterable[str], mend: str) -> DictConfig:
    """The config in a file, in which all of `keys` have a place; nothing in it is resolved.

    Raises BakeoffError, which ends with `mend`, where it cannot be read or is another file.
    """
    try:
        with path.open(encoding="utf-8") as file:
            config = OmegaConf.load(file)
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
