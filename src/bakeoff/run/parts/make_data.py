"""The data module of a config; a plain one of Lightning's is adapted."""

import pytorch_lightning as pl
from omegaconf import DictConfig, OmegaConf

from bakeoff.data.adapted import SEED, Adapted
from bakeoff.data.samples import fixed_draws
from bakeoff.errors import BakeoffError, suggestion
from bakeoff.identity.user_files import declared_digest
from bakeoff.run.parts.instantiate import instantiate, instantiate_node, plain_without

ADAPT = "adapt"  # in `data`: what a plain data module does not say itself
SAYS = ("input", "target", "output_shape")


def make_data(config: DictConfig) -> pl.LightningDataModule:
    """The data module that `config.data` describes.

    One without bakeoff's declarations is `Adapted`, with what `data.adapt` says. Raises BakeoffError.
    """
    with fixed_draws(SEED):  # data are the same for all seeds of a run
        if ADAPT not in config.data:
            data = instantiate(config, "data")
        else:
            data = instantiate_node(plain_without(config.data, (ADAPT,)), "data")
    adapt = config.data.get(ADAPT)
    if hasattr(data, "net_arguments"):
        if adapt is not None:
            raise BakeoffError(
                f"data.adapt: {config.data.get('_target_')} says itself what its batches are: leave it out"
            )
        return data
    if not isinstance(data, pl.LightningDataModule):
        raise BakeoffError(
            f"data: {config.data.get('_target_')} is a {type(data).__name__}: expected a "
            "LightningDataModule of pytorch_lightning"
        )
    said = OmegaConf.to_container(adapt, resolve=True) if OmegaConf.is_dict(adapt) else adapt or {}
    if not isinstance(said, dict):
        raise BakeoffError(f"data.adapt={said}: expected {', '.join(SAYS)} by name")
    if unknown := [str(name) for name in said if name not in SAYS]:
        raise BakeoffError(
            f"data.adapt.{unknown[0]}: no such setting{suggestion(unknown[0], SAYS)}; it takes "
            f"{', '.join(SAYS)}"
        )
    plain = OmegaConf.to_container(config.data, resolve=True)
    return Adapted(data, **said, content=declared_digest(plain))
