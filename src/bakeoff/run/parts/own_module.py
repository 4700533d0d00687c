"""A LightningModule of the user's own as a candidate: `model.kind: lightning`.

It brings its loss, its optimizer and its metrics. What bakeoff selects by is what it logs as
`val/<task.metric.name>`.
"""

from inspect import signature
from typing import Any

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.utilities.model_helpers import is_overridden
from torch import Tensor, nn

from bakeoff.data.adapted import TRANSFERS, Adapted
from bakeoff.errors import BakeoffError
from bakeoff.gate.locate import locate
from bakeoff.identity.kind import KIND
from bakeoff.run.parts.divergence import DivergedError
from bakeoff.run.parts.event_log import LEARNING_RATE
from bakeoff.run.parts.initial_weights import start_from
from bakeoff.run.parts.instantiate import instantiate_node, plain_without
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.parts.trainer import build_tester

NEEDED = ("training_step", "validation_step", "configure_optimizers")


def build_own_module(config: DictConfig, data: pl.LightningDataModule) -> pl.LightningModule:
    """The LightningModule of a config, with the shapes of `data` where it takes arguments of their names.

    Raises BakeoffError where it is none, or lacks what a training needs.
    """
    target = config.model.get("_target_")
    module = instantiate_node(
        plain_without(config.model, (KIND,)), "model", **_offered(config, data)
    )
    if not isinstance(module, pl.LightningModule):
        raise BakeoffError(
            f"model: {target} is a {type(module).__name__}: model.kind=lightning expects a LightningModule "
            "of pytorch_lightning; leave the kind out for a net"
        )
    if lacking := [name for name in NEEDED if not is_overridden(name, module)]:
        raise BakeoffError(f"model: {target} lacks {', '.join(lacking)}")
    start_from(module, config, prefix="")
    return module


def _offered(config: DictConfig, data: pl.LightningDataModule) -> dict[str, Any]:
    """What the data say and the module takes, by the names of its arguments."""
    if isinstance(data, Adapted) and not data.is_pairs:
        return {}
    try:
        names = signature(locate(str(config.model.get("_target_")))).parameters
    except Exception:  # making it says more
        return {}
    if not set(names) & {"input_shape", "output_shape"} - set(config.model):
        return {}
    return {name: value for name, value in data.built_for.items() if name in names}


def trained(module: pl.LightningModule) -> nn.Module:
    """What is trained: the net of a `Supervised`, all of another LightningModule."""
    return module.net if isinstance(module, Supervised) else module


class Evaluated(pl.LightningDataModule):
    """One loader of `data` for validation and test alike, with its transfer to the device."""

    def __init__(self, data: pl.LightningDataModule, split: str) -> None:
        super().__init__()
        self.val_dataloader = self.test_dataloader = getattr(data, f"{split}_dataloader")
        for name in TRANSFERS:
            if is_overridden(name, data):
                setattr(self, name, getattr(data, name))


def evaluated(
    config: DictConfig,
    module: pl.LightningModule,
    data: pl.LightningDataModule,
    split: str,
    **limits: int,
) -> dict[str, Tensor]:
    """What the module measures on a split: by its `test_step` where it has one, and by its
    `validation_step` where it has none. Names are without `test/` or `val/`.
    """
    trainer, given = build_tester(config, [], **limits), Evaluated(data, split)
    if is_overridden("test_step", module):
        trainer.test(module, datamodule=given, verbose=False)
        prefix = "test/"
    else:
        trainer.validate(module, datamodule=given, verbose=False)
        prefix = "val/"
    values = trainer.callback_metrics
    return {n.removeprefix(prefix): v for n, v in values.items() if n.startswith(prefix)}


class OwnModuleWatch(Callback):
    """Logs the learning rate, and stops a training whose loss is no longer finite, as `Supervised` does.

    The loss is that which `training_step` returns; it is looked at every `log_every_n_steps` steps.
    """

    def __init__(self) -> None:
        self._bad: Tensor | None = None

    def on_train_batch_end(
        self,
        trainer: pl.Trainer,
        module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if isinstance(loss, Tensor):
            bad = ~torch.isfinite(loss.detach()).all()
            self._bad = bad if self._bad is None else self._bad | bad
        if trainer.global_step % trainer.log_every_n_steps == 0:
            self._stop_if_diverged(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._stop_if_diverged(trainer)
        if trainer.optimizers:
            module.log(LEARNING_RATE, float(trainer.optimizers[0].param_groups[0]["lr"]))

    def _stop_if_diverged(self, trainer: pl.Trainer) -> None:
        if self._bad is None:
            return
        bad, self._bad = self._bad, None
        if bad:
            raise DivergedError(
                f"the training loss was not finite before step {trainer.global_step} (epoch "
                f"{trainer.current_epoch}): lower the learning rate of the model or clip gradients "
                "(trainer.gradient_clip_val)"
            )
