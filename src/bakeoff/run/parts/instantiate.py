"""A node of a config -> the object that it describes, with errors that name the config's key."""

from collections.abc import Collection
from typing import Any

import hydra
from hydra.errors import InstantiationException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import first_line
from bakeoff.store import masking

masking.register()  # in every process that makes objects: what these raise may hold what they were given


def instantiate(config: DictConfig, key: str, **arguments: Any) -> Any:
    """The object that `config[key]` describes, None where the config has none.

    Raises BakeoffError where it cannot be made.
    """
    if config.get(key) is None:
        return None
    return instantiate_node(config[key], key, **arguments)


def instantiate_at(config: DictConfig, key: str, **arguments: Any) -> Any:
    """As `instantiate`, for a dotted key."""
    node = OmegaConf.select(config, key)
    return None if node is None else instantiate_node(node, key, **arguments)


def plain_without(node: DictConfig, names: Collection[str]) -> DictConfig:
    """A copy of a node, resolved and without the settings `names`, which bakeoff reads itself."""
    content = OmegaConf.to_container(node, resolve=True)
    return OmegaConf.create({name: value for name, value in content.items() if name not in names})


def instantiate_node(node: Any, key: str, **arguments: Any) -> Any:
    """The object that `node` describes; messages call it `key`. Raises BakeoffError."""
    try:
        return hydra.utils.instantiate(node, _convert_="all", **arguments)
    except MissingMandatoryValue as error:
        raise BakeoffError(
            f"{error.full_key} has no value: set it, as in {error.full_key}=VALUE"
        ) from None
    except InstantiationException as error:
        cause = error.__cause__
        while cause is not None:
            if isinstance(cause, BakeoffError):
                raise BakeoffError(f"{key}: {cause}") from None
            cause = cause.__cause__
        reason = first_line(error.__cause__ or error)
        target = node.get("_target_") if OmegaConf.is_dict(node) else node
        raise BakeoffError(f"{key}: cannot make {target} from its settings: {reason}") from error
