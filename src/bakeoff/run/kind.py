"""What a candidate's model is: a net that bakeoff trains, or a LightningModule that trains itself."""

from collections.abc import Iterable, Iterator

from omegaconf import DictConfig, OmegaConf

KIND, LIGHTNING = "kind", "lightning"
# What a LightningModule brings itself: settings of these sections do not reach it.
BROUGHT = ("loss", "optimizer", "scheduler", "augment", "regularization")


def is_lightning(config: DictConfig) -> bool:
    """Whether `model.kind` of a config says that its model is a LightningModule."""
    return OmegaConf.select(config, f"model.{KIND}") == LIGHTNING


def unread_mistakes(config: DictConfig, overrides: Iterable[str]) -> Iterator[str]:
    """A line for each override that does not reach the model of a config."""
    if not is_lightning(config):
        return
    for override in overrides:
        if override.split("=")[0].lstrip("+~").split("/")[0].split(".")[0] in BROUGHT:
            yield (
                f"{override}: {config.model.get('_target_')} is a LightningModule with its own "
                f"{', '.join(BROUGHT[:3])}: leave it out, or give the model a setting for it"
            )
