"""What a task measures: its own metrics, and those that a user adds."""

from collections.abc import Mapping
from typing import Any

import torch
from omegaconf import DictConfig, OmegaConf
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.instantiate import instantiate_node, plain_without

EXTRA = "extra"  # in `task.metrics`: a list of torchmetrics, or a dictionary of them by name


class Measures(nn.Module):
    """Several metrics as one: the dictionary of `task`'s metrics, and a number for each of `extra`."""

    def __init__(self, task: nn.Module, extra: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.task = task
        self.extra = nn.ModuleDict(extra)

    def update(self, output: Tensor, target: Tensor) -> None:
        """Add a batch."""
        for metric in (self.task, *self.extra.values()):
            metric.update(output, target)

    def compute(self) -> dict[str, Tensor]:
        """The values over everything since the last reset, by name."""
        return {
            **self.task.compute(),
            **{name: metric.compute() for name, metric in self.extra.items()},
        }

    def reset(self) -> None:
        """Forget everything."""
        for metric in (self.task, *self.extra.values()):
            metric.reset()


def build_metrics(config: DictConfig) -> nn.Module:
    """The metrics of a config's task. Raises BakeoffError where one cannot be made."""
    node, key = config.task.get("metrics"), "task.metrics"
    if node is None:
        raise BakeoffError(
            f"{key}: none: task {config.task.get('name')} needs a Metric of torchmetrics that computes "
            f"numbers by name, such as +{key}._target_=torchmetrics.MetricCollection"
        )
    extra = node.get(EXTRA)
    task = instantiate_node(plain_without(node, (EXTRA,)), key)
    if not extra:
        return task
    if OmegaConf.is_list(extra):
        made = [instantiate_node(part, f"{key}.{EXTRA}[{at}]") for at, part in enumerate(extra)]
        names = [type(metric).__name__ for metric in made]
    elif "_target_" in extra:
        raise BakeoffError(f"{key}.{EXTRA}: expected a list of metrics, or metrics by name")
    else:
        names = [str(name) for name in extra]
        made = [instantiate_node(part, f"{key}.{EXTRA}.{name}") for name, part in extra.items()]
    for name, metric in zip(names, made, strict=True):
        if not (isinstance(metric, nn.Module) and hasattr(metric, "compute")):
            raise BakeoffError(f"{key}.{EXTRA}: {name}: expected a Metric of torchmetrics")
        if names.count(name) > 1:
            raise BakeoffError(
                f"{key}.{EXTRA}: several metrics are called {name}: give them names, as in "
                f"{key}.{EXTRA}={{first: ..., second: ...}}"
            )
    return Measures(task, dict(zip(names, made, strict=True)))


def scalars(values: Any) -> dict[str, Tensor]:
    """The values of metrics. Raises BakeoffError where one is not a single number."""
    for name, value in values.items():
        if torch.as_tensor(value).numel() != 1:
            raise BakeoffError(
                f"task.metrics: {name} has shape {tuple(torch.as_tensor(value).shape)}: expected one "
                "number: let the metric average"
            )
    return values


def loss_parts(loss: Any) -> dict[str, Tensor]:
    """What a loss returned, by name: a scalar tensor is one part called `loss`.

    Raises BakeoffError for anything else than a scalar, or scalars by name with `loss` among them.
    """
    if isinstance(loss, Tensor) and loss.numel() == 1:
        return {"loss": loss.reshape(())}
    if isinstance(loss, Mapping) and "loss" in loss:
        return loss
    if isinstance(loss, Tensor):
        got = f"a tensor of shape {tuple(loss.shape)}"
    else:
        got = f"parts {sorted(loss)}" if isinstance(loss, Mapping) else type(loss).__name__
    raise BakeoffError(
        f"loss: got {got}: expected a scalar, or scalars by name with 'loss', their total, among them"
    )


def part_names(parts: Mapping[str, Any]) -> dict[str, str]:
    """How the parts of a loss are logged: `loss` is the total; its parts get a name of their own, apart
    from metrics of that name.
    """
    return {name: name if name == "loss" else f"loss_{name}" for name in parts}
