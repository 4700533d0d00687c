"""The user's own callbacks of Lightning, which run beside bakeoff's."""

from omegaconf import DictConfig, OmegaConf
from pytorch_lightning.callbacks import Callback, ModelCheckpoint, StochasticWeightAveraging

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.instantiate import instantiate_at

PLACES = ("callbacks", "trainer.callbacks")  # a group by name, and Lightning's own argument


def own_callbacks(config: DictConfig) -> list[Callback]:
    """The callbacks that `callbacks` and `trainer.callbacks` describe, in that order.

    Raises BakeoffError where one cannot be made, is none, or does not serve a run that is compared.
    """
    found = []
    for key in PLACES:
        node = OmegaConf.select(config, key)
        if node is None:
            continue
        if not OmegaConf.is_config(node) or "_target_" in node:
            raise BakeoffError(
                f"{key}: expected callbacks by name or a list of them, as in +{key}.mine._target_="
                "package.Callback"
                if key == "callbacks"
                else f"{key}: expected a list, as in +{key}=[{{_target_: package.Callback}}]"
            )
        names = node.keys() if OmegaConf.is_dict(node) else range(len(node))
        found += [_callback(config, f"{key}{_part(name)}") for name in names]
    return [callback for callback in found if callback is not None]


def _part(name: str | int) -> str:
    return f"[{name}]" if isinstance(name, int) else f".{name}"


def _callback(config: DictConfig, key: str) -> Callback | None:
    """The callback at `key`; None where it was turned off by null."""
    if OmegaConf.select(config, key) is None:
        return None
    callback = instantiate_at(config, key)
    if not isinstance(callback, Callback):
        raise BakeoffError(
            f"{key}: expected a pytorch_lightning Callback, got {type(callback).__module__}."
            f"{type(callback).__name__}: name its class by _target_"
        )
    if isinstance(callback, StochasticWeightAveraging):  # but of nets with batch normalization
        raise BakeoffError(
            f"{key}: StochasticWeightAveraging averages after the last validation: no result would be of "
            "the average. Expected callbacks=ema, whose average is validated, kept and tested"
        )
    if isinstance(callback, ModelCheckpoint) and callback.state_key in _kept(config):
        raise BakeoffError(
            f"{key}: a run keeps its best and its last epoch without it: leave it out, or give it another "
            "monitor"
        )
    return callback


def _kept(config: DictConfig) -> set[str]:
    """Lightning's names of checkpoints that a run keeps anyway."""
    metric = OmegaConf.select(config, "task.metric") or {"name": None, "direction": "min"}
    best = ModelCheckpoint(monitor=f"val/{metric['name']}", mode=metric["direction"])
    return {best.state_key, ModelCheckpoint().state_key}
