"""Lightning's Trainer: the user's settings, and what a run of bakeoff needs of them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig, OmegaConf
from pytorch_lightning.callbacks import Callback, ModelCheckpoint
from pytorch_lightning.loggers import Logger
from pytorch_lightning.plugins.environments import ClusterEnvironment, LightningEnvironment
from pytorch_lightning.profilers import AdvancedProfiler, PyTorchProfiler, SimpleProfiler

from bakeoff.errors import BakeoffError
from bakeoff.identity.kind import is_lightning
from bakeoff.run.parts.compiled import MODES
from bakeoff.run.parts.instantiate import instantiate_node
from bakeoff.store.masking import masked_containers

KEY = "trainer"
PROFILERS = {"simple": SimpleProfiler, "advanced": AdvancedProfiler, "pytorch": PyTorchProfiler}
# How to compute; everything else says how to train, and is of no use to the evaluation on test data.
HOW = (
    *("_target_", "accelerator", "devices", "num_nodes", "strategy", "precision", "plugins"),
    *("deterministic", "benchmark", "inference_mode", "sync_batchnorm"),
)


class Refusal(NamedTuple):
    """Why a setting of the trainer is refused, unless it has one of the values in `allowed`."""

    reason: str
    allowed: tuple[Any, ...]


REFUSED = {
    "enable_checkpointing": Refusal("the selected run is tested from its checkpoint", (True, None)),
    "barebones": Refusal("a run keeps a log and a checkpoint", (False,)),
    "limit_test_batches": Refusal("the sealed test is made with all test data", (None, 1.0)),
    "num_nodes": Refusal("a run trains on one device", (None, 1)),
    "reload_dataloaders_every_n_epochs": Refusal("all epochs see the same data", (0,)),
}


def build_trainer(
    config: DictConfig,
    run_dir: Path,
    callbacks: Sequence[Callback],
    loggers: Sequence[Logger],
    show_progress: bool,
) -> pl.Trainer:
    """The trainer of a run, with `callbacks` and `loggers` alone. Raises BakeoffError."""
    settings = {
        "enable_progress_bar": show_progress,
        "enable_model_summary": False,
        "num_sanity_val_steps": 0,
        "enable_checkpointing": any(isinstance(one, ModelCheckpoint) for one in callbacks),
        **translated(_plain(config), run_dir),
        **_no_cluster(config),
        "default_root_dir": str(run_dir),
        "logger": list(loggers),
        "callbacks": list(callbacks),
    }
    # As arguments: Hydra copies the objects that are in a config.
    return instantiate_node(
        OmegaConf.create({"_target_": settings.pop("_target_")}), KEY, **settings
    )


def build_tester(config: DictConfig, callbacks: Sequence[Callback], **limits: int) -> pl.Trainer:
    """A trainer that evaluates all test data, but for `limits`: limits and shortcuts of the training do not
    hold for it.
    """
    given = _plain(config)
    return instantiate_node(
        OmegaConf.create({name: given[name] for name in HOW if name in given}),
        KEY,
        **_no_cluster(config),
        **limits,
        logger=False,
        callbacks=list(callbacks),
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )


def _no_cluster(config: DictConfig) -> dict[str, list[ClusterEnvironment]]:
    """The setting by which a run takes no notice of a cluster. In a job of Slurm, Lightning would take each
    task of the job for a process of the run, and requeue the job, which a launcher does.
    """
    return {} if _plain(config).get("plugins") else {"plugins": [LightningEnvironment()]}


def build_loggers(config: DictConfig, run_dir: Path) -> list[Logger]:
    """The user's own loggers of `trainer.logger`, which log beside TensorBoard's; a logger that needs a
    `save_dir` gets the run's directory. Raises BakeoffError.
    """
    node = OmegaConf.select(config, f"{KEY}.logger")
    if node is None or node is True:
        return []
    if not OmegaConf.is_config(node):
        raise BakeoffError(
            f"trainer.logger={_text(node)}: TensorBoard's log is part of a run: leave it out, or name a "
            "further logger, as in +trainer.logger._target_=pytorch_lightning.loggers.CSVLogger"
        )
    if OmegaConf.is_list(node):
        nodes = {f"{KEY}.logger[{at}]": part for at, part in enumerate(node)}
    elif "_target_" in node:
        nodes = {f"{KEY}.logger": node}
    else:
        nodes = {f"{KEY}.logger.{name}": part for name, part in node.items()}
    return [_logger(part, key, run_dir) for key, part in nodes.items() if part is not None]


def _logger(node: Any, key: str, run_dir: Path) -> Logger:
    if not OmegaConf.is_dict(node) or "_target_" not in node:
        raise BakeoffError(f"{key}: expected a logger of Lightning, named by _target_; got {node}")
    try:
        logger = instantiate_node(node, key)
    except BakeoffError as error:
        if "'save_dir'" not in str(error):
            raise
        logger = instantiate_node(node, key, save_dir=str(run_dir))
    if not isinstance(logger, Logger):
        raise BakeoffError(f"{key}: {node['_target_']} is no logger of Lightning")
    log = logger.log_hyperparams
    # Lightning gives what a module has saved of its arguments, in which references are resolved.
    logger.log_hyperparams = lambda given, *a, **k: log(masked_containers(given), *a, **k)
    return logger


def translated(given: Mapping[str, Any], run_dir: Path) -> dict[str, Any]:
    """The trainer's settings without `callbacks`, `logger`, `histograms` and `compile`, in the words of
    a run.

    - `fast_dev_run` becomes one epoch of so many batches: Lightning's own writes no checkpoint;
    - `overfit_batches` becomes limits of the batches (`is_overfitted` says what else it asks for);
    - a profiler named by a word becomes one that writes a file in the run's directory.
    """
    own = ("callbacks", "logger", "fast_dev_run", "overfit_batches", "histograms", "compile")
    settings = {name: value for name, value in given.items() if name not in own}
    if few := given.get("overfit_batches"):
        settings |= {"limit_train_batches": few, "limit_val_batches": few}
    if count := int(given.get("fast_dev_run") or 0):
        settings |= {"max_epochs": 1, "limit_train_batches": count, "limit_val_batches": count}
    if settings.get("profiler") in PROFILERS:
        kind = PROFILERS[settings["profiler"]]
        settings["profiler"] = kind(dirpath=str(run_dir), filename="profile")
    return settings


def is_overfitted(config: DictConfig) -> bool:
    """Whether the same few training batches come in every epoch, in the same order."""
    return bool(OmegaConf.select(config, f"{KEY}.overfit_batches"))


def trainer_mistakes(config: DictConfig) -> Iterator[str]:
    """A line for each setting of the trainer that cannot serve a run that is compared with others."""
    given = _plain(config)
    epochs = given.get("max_epochs")
    if not isinstance(epochs, int) or epochs < 1:
        yield f"trainer.max_epochs is {epochs}: expected 1 or more: runs are compared at their end"
        return
    for name, why in REFUSED.items():
        if name in given and given[name] not in why.allowed:
            yield f"trainer.{name}={_text(given[name])}: {why.reason}: leave it out"
    for name in ("limit_train_batches", "limit_val_batches"):
        if name in given and given[name] is not None and not given[name]:
            yield f"trainer.{name}={given[name]}: expected more than 0: a run trains and validates"
    every = given.get("check_val_every_n_epoch")
    if isinstance(every, int) and every > epochs:
        yield (
            f"trainer.check_val_every_n_epoch={every}: no epoch of trainer.max_epochs={epochs} would be "
            f"validated: expected at most {epochs}"
        )
    if (mode := given.get("compile")) not in (None, *MODES):
        yield f"trainer.compile={_text(mode)}: expected null or one of {', '.join(MODES)}"
    if mode is not None and is_lightning(config):
        yield "trainer.compile: the model is a LightningModule: let it call torch.compile itself"
    yield from _device_mistakes(given)
    yield from _precision_mistakes(given, config)


def trial_trainer(config: DictConfig, run_dir: Path) -> pl.Trainer:
    """A trainer that is made to find out whether it can be. Raises BakeoffError."""
    return build_trainer(config, run_dir, [], [], show_progress=False)


def _device_mistakes(given: Mapping[str, Any]) -> Iterator[str]:
    """Lightning would start the command again for each further device; no such process finds its run."""
    devices = given.get("devices")
    if _count(devices, str(given.get("accelerator") or "auto")) > 1:
        yield (
            f"trainer.devices={_text(devices)}: expected 1: a run trains on one device, and a sweep trains "
            "runs beside each other on all that there are"
        )
    elif isinstance(devices, list) and devices != [0]:
        yield (
            f"trainer.devices={_text(devices)}: expected 1: a run sees its own GPU alone; choose among "
            "several with CUDA_VISIBLE_DEVICES in the environment"
        )


def _count(devices: Any, accelerator: str) -> int:
    """The devices that Lightning would train on: a number, a list of their numbers, or a word for all."""
    if isinstance(devices, list):
        return len(devices)
    try:
        number = int(devices)
    except (TypeError, ValueError):
        number = -1
    if number >= 0:
        return number
    return 1 if accelerator == "cpu" else torch.accelerator.device_count()


def _precision_mistakes(given: Mapping[str, Any], config: DictConfig) -> Iterator[str]:
    scaled = str(given.get("precision")) in ("16", "16-mixed")
    fused = OmegaConf.select(config, "optimizer.fused")
    if scaled and fused and given.get("gradient_clip_val"):
        yield (
            f"trainer.precision={given['precision']}: gradients are scaled, and a fused optimizer "
            "removes the scale after they are clipped: set optimizer.fused=false, "
            "trainer.gradient_clip_val=null or trainer.precision=bf16-mixed"
        )


def _plain(config: DictConfig) -> dict[str, Any]:
    return OmegaConf.to_container(config[KEY], resolve=True)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
