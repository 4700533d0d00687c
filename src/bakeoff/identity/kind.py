"""What a candidate's model is: a net that bakeoff trains, or a LightningModule that trains itself."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

KIND, LIGHTNING = "kind", "lightning"
# What a LightningModule brings itself: settings of these sections do not reach it.
BROUGHT = ("loss", "optimizer", "scheduler", "augment", "regularization")


def is_lightning(config: Mapping[str, Any]) -> bool:
    """Whether `model.kind` of a config says that its model is a LightningModule."""
    model = config.get("model")
    return isinstance(model, Mapping) and model.get(KIND) == LIGHTNING


def unread_mistakes(config: Mapping[str, Any], overrides: Iterable[str]) -> Iterator[str]:
    """A line for each override that does not reach the model of a config."""
    if not is_lightning(config):
        return
    for override in overrides:
        if override.split("=")[0].lstrip("+~").split("/")[0].split(".")[0] in BROUGHT:
            yield (
                f"{override}: {config['model'].get('_target_')} is a LightningModule with its own "
                f"{', '.join(BROUGHT[:3])}: leave it out, or give the model a setting for it"
            )
