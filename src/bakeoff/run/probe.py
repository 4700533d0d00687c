"""Measures the effect of regularization after every epoch: how many weights are near zero, and how much
better the metric is on training data than on validation data.
"""

import copy
from collections.abc import Callable, Collection, Iterable, Sequence

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import Dataset
from torchmetrics import Metric

from bakeoff.nets.carried_state import carries
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.predictions import outputs


def sparsity(parameters: Iterable[Tensor], threshold: float) -> float:
    """The share of weights w with |w| < threshold, among parameters of two dimensions or more.

    Biases and other vectors do not count.
    """
    weights = [p for p in parameters if p.ndim > 1]
    small = sum(int((w.abs() < threshold).sum()) for w in weights)
    return small / max(1, sum(w.numel() for w in weights))


def evaluate(
    module: Supervised, dataset: Dataset, batches: Sequence[Tensor], metrics: Metric
) -> None:
    """Let `metrics` see what a module gives for the rows of a data set in `batches`."""
    for output, target in outputs(module, (dataset[index] for index in batches)):
        metrics.update(output, target)


class Probe(pl.Callback):
    """Logs `val/sparsity`, and `val/gap`: `metric` on training data minus `metric` on validation data,
    where it is one of the task's metrics.

    The gap is measured like the validation metric: in evaluation mode, at the end of the epoch, on as
    many training samples as there are validation samples, always the same, spread over the split. (For a
    net that carries a state they are the first ones of the split, read in order.) `evaluate` may be
    replaced by what evaluates several nets at once.
    """

    def __init__(self, metric: str, threshold: float) -> None:
        self.metric = metric
        self.threshold = threshold
        self.evaluate: Callable[..., None] = evaluate
        self._metrics: Metric | None = None  # those of training data

    def measured(self, names: Collection[str]) -> tuple[str, ...]:
        """What it logs of a task whose metrics are `names`, so that the task can be selected by it."""
        return ("sparsity", "gap") if self.metric in names else ("sparsity",)

    def on_validation_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Log both; runs while the module's metrics hold all of the validation split."""
        if trainer.sanity_checking:
            return
        found = {"val/sparsity": sparsity(module.net.parameters(), self.threshold)}
        validation = module.metrics.compute()
        if self.metric in validation:
            gap = self._training_value(trainer, module) - validation[self.metric]
            found["val/gap"] = gap
        module.log_dict(found)

    def _training_value(self, trainer: pl.Trainer, module: pl.LightningModule) -> Tensor:
        data = trainer.datamodule
        train, count = data.splits["train"], len(data.splits["val"])
        self._metrics = metrics = self._metrics or copy.deepcopy(module.metrics)
        metrics.reset()
        rows = torch.linspace(0, len(train) - 1, min(count, len(train))).long()
        if carries(module.net):  # its state after one row is of use to the next only
            rows = torch.arange(len(rows))
        self.evaluate(module, train, rows.split(data.batch_size), metrics)
        return metrics.compute()[self.metric]
