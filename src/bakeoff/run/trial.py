"""The parts of a run, tried on a few samples before anything trains. All raise BakeoffError."""

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig
from torch import Tensor, nn

from bakeoff.data.adapted import Adapted
from bakeoff.errors import BakeoffError, suggestion
from bakeoff.gate.error_text import first_line
from bakeoff.identity.kind import is_lightning
from bakeoff.nets.carried_state import read
from bakeoff.run.parts.callbacks import own_callbacks
from bakeoff.run.parts.directions import refuse_wrong_direction
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.run.parts.measures import build_metrics, loss_parts, part_names, scalars
from bakeoff.run.parts.optimization import (
    build_optimizer,
    build_schedule,
    try_optimizer,
    try_schedule,
)
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.trainer import build_loggers, trial_trainer

SAMPLES = 2


def first_targets(data: pl.LightningDataModule) -> Tensor:
    """The targets of the first validation samples."""
    data.setup("validate")
    if isinstance(data, Adapted):
        data.check()
        _ = data.built_for  # says what a batch lacks before it is taken apart
    _, target = next(iter(data.val_dataloader()))
    return target[:SAMPLES]


def try_loss(
    config: DictConfig, net: nn.Module, loss: nn.Module, data: Any, target: Tensor
) -> tuple[Tensor, list[str]]:
    """The net's output for an empty input, and the names of the parts of its loss."""
    with torch.no_grad():
        net.eval()
        x = torch.zeros(len(target), *data.input_shape, dtype=data.input_type)
        output, _ = read(net, x)
        net.train()
        try:
            with warnings.catch_warnings():
                # A loss that broadcasts compares each output with the targets of other samples.
                warnings.filterwarnings("error", "Using a target size")
                parts = loss_parts(loss(output, target))
        except BakeoffError:
            raise
        except Exception as error:  # a user's loss can raise anything
            raise BakeoffError(
                f"loss: {config.loss.get('_target_')} cannot compare outputs of shape "
                f"{tuple(output.shape)} with targets of shape {tuple(target.shape)} "
                f"({target.dtype}): {first_line(error)}"
            ) from None
    return output, list(part_names(parts).values())


def try_metrics(config: DictConfig, output: Tensor, target: Tensor, parts: Sequence[str]) -> None:
    """Measure, and see that the task is selected by something that is measured."""
    metrics = build_metrics(config)
    try:
        metrics.update(output, target)
        values = metrics.compute()
    except Exception as error:
        raise BakeoffError(
            f"task.metrics: cannot measure outputs of shape {tuple(output.shape)} against targets of "
            f"shape {tuple(target.shape)} ({target.dtype}): {first_line(error)}"
        ) from None
    shown = [instantiate(config.task, key) for key in ("showcase", "probe")]
    logged = [name for one in shown if hasattr(one, "measured") for name in one.measured(values)]
    names = [*scalars(values), *parts, *logged]
    metric = config.task.metric
    if metric.name not in names:
        raise BakeoffError(
            f"task.metric.name={metric.name}: task {config.task.name} measures {', '.join(names)}"
            f"{suggestion(str(metric.name), names)}"
        )
    refuse_wrong_direction(metric.name, metric.direction, metrics, parts)
    check_monitors(config, names)


def check_monitors(config: DictConfig, names: Sequence[str]) -> None:
    """See that schedule and callbacks follow something that is measured as one of `names`."""
    for key, monitor in _monitors(config):
        # Names such as val_loss are of other projects; a LightningModule of one's own may log them.
        is_val = monitor.startswith("val/" if is_lightning(config) else ("val/", "val_"))
        if is_val and monitor.removeprefix("val/") not in names:
            raise BakeoffError(
                f"{key}={monitor}: task {config.task.name} measures "
                f"{', '.join(f'val/{name}' for name in names)}"
            )


def try_optimization(config: DictConfig, net: nn.Module) -> None:
    """Make the optimizer of the net's parameters, and its schedule."""
    make, schedule = build_optimizer(config), build_schedule(config)
    by_hand = hasattr(net, "backward")
    optimizer = try_optimizer(
        lambda: net.optimizer(make) if by_hand else make(net.parameters()), make
    )
    if schedule is not None:
        try_schedule(schedule, optimizer)


def try_trainer(config: DictConfig) -> None:
    """Make the trainer, the user's callbacks and the user's loggers."""
    own_callbacks(config)
    with quiet_lightning(), tempfile.TemporaryDirectory() as folder:
        build_loggers(config, Path(folder))
        trial_trainer(config, Path(folder))


def _monitors(config: DictConfig) -> list[tuple[str, str]]:
    """What schedule and callbacks follow, and the keys that say so."""
    found = []
    read = not is_lightning(config)
    if read and config.get("scheduler") is not None and config.scheduler.get("monitor"):
        found.append(("scheduler.monitor", config.scheduler.monitor))
    found += [
        (f"callbacks: {type(callback).__name__}: monitor", callback.monitor)
        for callback in own_callbacks(config)
        if isinstance(getattr(callback, "monitor", None), str)
    ]
    return found
