"""A LightningModule of the user's own, tried on one batch of each split before anything trains."""

import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig, OmegaConf
from pytorch_lightning.callbacks import Checkpoint
from pytorch_lightning.utilities.model_helpers import is_overridden
from torch import Tensor

from bakeoff.data.adapted import SEED, Adapted
from bakeoff.data.samples import fixed_draws
from bakeoff.errors import BakeoffError, suggestion
from bakeoff.gate.error_text import first_line
from bakeoff.run.parts.event_log import EventLog
from bakeoff.run.parts.initial_weights import try_checkpoint
from bakeoff.run.parts.own_module import build_own_module, evaluated
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.trainer import build_trainer
from bakeoff.run.trial import check_monitors

# On the processor, and as short as a training can be.
SHORT = {
    "max_epochs": 1, "max_steps": -1, "limit_train_batches": 1, "limit_val_batches": 1, "profiler": None,
    "val_check_interval": 1.0, "check_val_every_n_epoch": 1, "accelerator": "cpu", "devices": 1,
    "num_nodes": 1, "strategy": "auto", "precision": "32-true", "plugins": None, "min_epochs": None,
    "overfit_batches": 0, "fast_dev_run": False, "log_every_n_steps": 1,
}  # fmt: skip


def try_own_module(config: DictConfig, data: pl.LightningDataModule) -> list[str]:
    """Train, validate and test it on a batch each, the test on one of validation; the names of what it logs
    as `val/<name>`. Raises BakeoffError.
    """
    data.setup("fit")
    if isinstance(data, Adapted):
        data.check()
    target = config.model.get("_target_")
    with fixed_draws(SEED):
        module = build_own_module(config, data)
        _refuse_what_cannot_be(config, module)
        try_checkpoint(config, module, prefix="")
        try:
            with quiet_lightning(), tempfile.TemporaryDirectory() as folder:
                logged, content = _trained(config, module, data, Path(folder))
                tested = evaluated(
                    _short(config), module, data, "val", limit_val_batches=1, limit_test_batches=1
                )
        except BakeoffError:
            raise
        except Exception as error:  # a user's module can raise anything
            raise BakeoffError(
                f"model: {target}: a trial with {_said(next(iter(data.val_dataloader())))} raised "
                f"{type(error).__name__}{_place(error)}: {first_line(error)}"
            ) from error
    if content:
        raise BakeoffError(
            f"model: {target}: its checkpoints hold {content}, which torch does not load safely"
        )
    names = _names(config, module, logged, tested)
    check_monitors(config, names)
    return names


def _trained(
    config: DictConfig, module: pl.LightningModule, data: pl.LightningDataModule, folder: Path
) -> tuple[list[str], str]:
    """The names that it logs, and what in its checkpoint cannot be loaded (empty: nothing)."""
    log = EventLog(folder, "trial")
    trainer = build_trainer(_short(config), folder, [], [log], show_progress=False)
    trainer.fit(module, datamodule=data)
    log.finalize("success")
    path = folder / "trial.ckpt"
    trainer.save_checkpoint(path)
    try:
        torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:
        return list(trainer.callback_metrics), _foreign(module, error)
    return list(trainer.callback_metrics), ""


def _foreign(module: pl.LightningModule, error: Exception) -> str:
    plain = (int, float, str, bool, type(None), list, dict, tuple)
    names = [name for name, value in module.hparams.items() if not isinstance(value, plain)]
    if not names:
        return first_line(error)
    return (
        f"hyperparameters {', '.join(names)} (save_hyperparameters(ignore={names}) leaves them out)"
    )


def _short(config: DictConfig) -> DictConfig:
    config = config.copy()
    given = OmegaConf.to_container(config.trainer, resolve=True)
    config.trainer = OmegaConf.create(given | SHORT)
    return config


def _refuse_what_cannot_be(config: DictConfig, module: pl.LightningModule) -> None:
    target, trainer = config.model.get("_target_"), config.trainer
    if not module.automatic_optimization:
        for name, plain in (
            ("gradient_clip_val", (None, 0)),
            ("accumulate_grad_batches", (None, 1)),
        ):
            if trainer.get(name) not in plain:
                raise BakeoffError(
                    f"trainer.{name}={trainer.get(name)}: {target} optimizes by hand "
                    f"(automatic_optimization = False), where Lightning does not do that: set "
                    f"trainer.{name}=null"
                )
    if is_overridden("configure_callbacks", module):
        made = module.configure_callbacks()
        for callback in made if isinstance(made, list | tuple) else [made]:
            if isinstance(callback, Checkpoint):
                raise BakeoffError(
                    f"model: {target}.configure_callbacks gives a {type(callback).__name__}, which would "
                    "take the place of bakeoff's own: leave it out"
                )


def _names(
    config: DictConfig, module: pl.LightningModule, logged: list[str], tested: Mapping[str, Tensor]
) -> list[str]:
    target, metric = config.model.get("_target_"), config.task.metric.name
    names = [name.removeprefix("val/") for name in logged if name.startswith("val/")]
    if metric not in names:
        raise BakeoffError(
            f"model: {target} logs {', '.join(logged) or 'nothing'}: expected val/{metric}, by which "
            f"candidates are selected: log it in validation_step, as self.log('val/{metric}', value), or "
            f"set task.metric.name to what it logs as val/NAME{suggestion(str(metric), names)}"
        )
    if metric not in tested:
        raise BakeoffError(
            f"model: {target}.test_step logs {', '.join(f'test/{n}' for n in tested) or 'no test/NAME'}: "
            f"expected test/{metric}; without a test_step, validation_step measures the test data"
        )
    return names


def _place(error: BaseException) -> str:
    """Where in the user's own code an error came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "site-packages" not in f.filename and "/bakeoff/" not in f.filename]
    return f" in {own[-1].name} ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""


def _said(batch: Any) -> str:
    """A batch in words."""
    if isinstance(batch, Tensor):
        return f"{str(batch.dtype).removeprefix('torch.')} {'x'.join(map(str, batch.shape))}"
    if isinstance(batch, Mapping):
        return f"{{{', '.join(f'{name}: {_said(part)}' for name, part in batch.items())}}}"
    if isinstance(batch, list | tuple):
        return f"({', '.join(map(_said, batch))})"
    return type(batch).__name__
