"""What is checked of a sweep before anything trains, beyond the words on the command line."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError

from bakeoff.errors import BakeoffError
from bakeoff.run.build import build_data, build_loss, build_net
from bakeoff.sweep.overrides import leaves
from bakeoff.sweep.signatures import signature_mistakes


def preflight(configs: Iterable[DictConfig]) -> None:
    """Check the settings of each config, make its data and try its net. Raises BakeoffError that lists all
    mistakes.
    """
    if mistakes := preflight_mistakes(configs):
        raise BakeoffError("\n".join(mistakes))


def preflight_mistakes(configs: Iterable[DictConfig]) -> list[str]:
    """A line for each mistake. Equal data are made once, and of equal nets and losses one is tried."""
    mistakes: dict[str, None] = {}
    sound: dict[str, dict[str, DictConfig]] = {}  # by data, then by net and loss
    for config in configs:
        config = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        content = _plain(config)
        found = [*_missing_values(config), *signature_mistakes(content)]
        mistakes |= dict.fromkeys(found)
        if not any(line.startswith(("data", "model", "loss")) for line in found):
            tried = [content.get("model"), content.get("loss")]
            sound.setdefault(_text(content.get("data")), {}).setdefault(_text(tried), config)
    for configs_of_data in sound.values():
        mistakes |= dict.fromkeys(_trial_mistakes(list(configs_of_data.values())))
    return list(mistakes)


def _trial_mistakes(configs: list[DictConfig]) -> Iterator[str]:
    """What goes wrong when the nets and losses of these configs, which share their data, are tried."""
    try:
        data = build_data(configs[0])
    except BakeoffError as error:
        yield str(error)
        return
    for config in configs:
        for name in sorted(set(data.built_for) & set(config.model)):
            yield f"model.{name}: the data say what it is: leave it out"
        try:
            build_loss(config, build_net(config, data))
        except BakeoffError as error:
            yield str(error)


def _missing_values(config: DictConfig) -> Iterator[str]:
    for key, value in leaves(OmegaConf.to_container(config, resolve=False)):
        if value == "???":
            yield f"{key} has no value: set it, as in {key}=VALUE"


def _plain(config: DictConfig) -> dict[str, Any]:
    try:
        return OmegaConf.to_container(config, resolve=True)
    except InterpolationToMissingValueError:  # named as a missing value
        return OmegaConf.to_container(config, resolve=False)


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, default=str)
