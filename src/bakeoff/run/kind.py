"""What a candidate's model is: a net that bakeoff trains, or a LightningModule that trains itself."""

from omegaconf import DictConfig, OmegaConf

KIND, LIGHTNING = "kind", "lightning"
# What a LightningModule brings itself: settings of these sections do not reach it.
BROUGHT = ("loss", "optimizer", "scheduler", "augment", "regularization")


def is_lightning(config: DictConfig) -> bool:
    """Whether `model.kind` of a config says that its model is a LightningModule."""
    return OmegaConf.select(config, f"model.{KIND}") == LIGHTNING
