"""Optimizers and learning-rate schedules: from a config to what Lightning steps."""

import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from omegaconf import DictConfig
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import first_line
from bakeoff.run.parts.instantiate import instantiate_node, plain_without

WHEN = ("interval", "frequency", "monitor")  # settings of `scheduler` that say when it steps
INTERVALS = ("step", "epoch")
STEPS_OF_TRIAL = 100


@dataclass(frozen=True)
class Schedule:
    """`make(optimizer)` makes a scheduler of torch's, which steps after every `frequency`-th `interval`.

    `takes_total`: `make` is also told the number of all steps, as `total_steps`. A scheduler that follows a
    metric reads the one called `monitor`. `frequency` None: with every step, or with every validation.
    """

    make: Callable[..., Any]
    takes_total: bool
    interval: str
    frequency: int | None
    monitor: str | None

    def on(self, optimizer: Optimizer, total_steps: int) -> Any:
        """The scheduler of `optimizer`, for a training of `total_steps`."""
        known = {"total_steps": total_steps} if self.takes_total else {}
        return self.make(optimizer, **known)

    def for_lightning(
        self, optimizer: Optimizer, total_steps: int, epochs_per_validation: int
    ) -> dict[str, Any]:
        """What `configure_optimizers` returns as `lr_scheduler`."""
        often = 1 if self.monitor is None else epochs_per_validation
        return {
            "scheduler": self.on(optimizer, total_steps),
            "interval": self.interval,
            "frequency": self.frequency or often,
            **({} if self.monitor is None else {"monitor": self.monitor}),
        }


def build_optimizer(config: DictConfig) -> partial:
    """What makes an optimizer of parameters; `fused`, which says how to compute, is left out where the
    class has no such argument. Raises BakeoffError.
    """
    node = config.optimizer
    made = instantiate_node(plain_without(node, ("fused",)), "optimizer")
    kind = getattr(made, "func", made)
    if isinstance(kind, type) and issubclass(kind, torch.optim.LBFGS):
        raise BakeoffError(
            "optimizer: LBFGS evaluates each batch several times per step, and training here augments, "
            "drops out, regularizes and counts once for each batch: choose optimizer=adamw or another"
        )
    if node.get("fused") is not None and "fused" in inspect.signature(kind).parameters:
        made.keywords["fused"] = node.fused
    return made


def build_schedule(config: DictConfig) -> Schedule | None:
    """The schedule of a config, None without one. It steps after every batch where the class takes the
    number of all steps, else after every epoch, unless `scheduler.interval` says otherwise.

    Raises BakeoffError.
    """
    node = config.get("scheduler")
    if node is None:
        return None
    make = instantiate_node(plain_without(node, WHEN), "scheduler")
    kind = getattr(make, "func", make)
    takes_total = "total_steps" in inspect.signature(kind).parameters
    interval = node.get("interval") or ("step" if takes_total else "epoch")
    monitor = node.get("monitor")
    if interval not in INTERVALS:
        raise BakeoffError(f"scheduler.interval is {interval}: expected step or epoch")
    if monitor is None and isinstance(kind, type) and issubclass(kind, ReduceLROnPlateau):
        raise BakeoffError(
            "scheduler: ReduceLROnPlateau follows a metric: name it, as in "
            f"+scheduler.monitor=val/{config.task.metric.name}"
        )
    if monitor is not None and interval == "step":
        raise BakeoffError(
            f"scheduler.interval=step: {monitor} is measured once an epoch: set scheduler.interval=epoch"
        )
    return Schedule(make, takes_total, interval, node.get("frequency"), monitor)


def try_schedule(schedule: Schedule, optimizer: Optimizer) -> None:
    """Make it for a training of a few steps, of which one is made. Raises BakeoffError where its settings
    are refused, or make a learning rate that is negative.
    """
    try:
        made = schedule.on(optimizer, STEPS_OF_TRIAL)
        rates = [group["lr"] for group in optimizer.param_groups]
        if schedule.monitor is None:
            with warnings.catch_warnings(
                action="ignore"
            ):  # that the optimizer has made no step before
                made.step()
            rates += [group["lr"] for group in optimizer.param_groups]
    except Exception as error:  # torch and a user's class can raise anything
        raise BakeoffError(f"scheduler: {_name(schedule.make)}: {first_line(error)}") from None
    if wrong := [float(rate) for rate in rates if not rate >= 0]:
        raise BakeoffError(
            f"scheduler: {_name(schedule.make)} makes the learning rate {wrong[0]:g}: expected 0 or more"
        )


def try_optimizer(make: Callable[[], Optimizer], settings: Any) -> Optimizer:
    """The optimizer that `make` returns. Raises BakeoffError where its settings are refused."""
    try:
        return make()
    except BakeoffError:
        raise
    except Exception as error:
        raise BakeoffError(f"optimizer: {_name(settings)}: {first_line(error)}") from None


def _name(made: Any) -> str:
    kind = getattr(made, "func", made)
    return f"{kind.__module__}.{kind.__qualname__}"
