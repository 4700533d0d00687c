"""Measures the effect of regularization after every epoch: how many weights are near zero, and how much
better the metric is on training data than on validation data.
"""

import copy
from collections.abc import Iterable

import pytorch_lightning as pl
import torch
from torch import Tensor


def sparsity(parameters: Iterable[Tensor], threshold: float) -> float:
    """The share of weights w with |w| < threshold, among parameters of two dimensions or more.

    Biases and other vectors do not count.
    """
    weights = [p for p in parameters if p.ndim > 1]
    small = sum(int((w.abs() < threshold).sum()) for w in weights)
    return small / max(1, sum(w.numel() for w in weights))


class Probe(pl.Callback):
    """Logs `val/sparsity`, and `val/gap`: `metric` on training data minus `metric` on validation data.

    Both are measured in evaluation mode at the end of the epoch. The training samples are as many as the
    validation samples, the same in every epoch, and evenly spread over the training split.
    """

    def __init__(self, metric: str, threshold: float) -> None:
        self.metric = metric
        self.threshold = threshold

    def on_validation_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Log both. Lightning calls this before the module computes and resets its metrics."""
        if trainer.sanity_checking:
            return
        validation = module.metrics.compute()[self.metric]
        gap = self._training_value(trainer, module) - validation
        found = sparsity(module.net.parameters(), self.threshold)
        module.log_dict({"val/sparsity": found, "val/gap": gap})

    def _training_value(self, trainer: pl.Trainer, module: pl.LightningModule) -> Tensor:
        data = trainer.datamodule
        train, count = data.splits["train"], len(data.splits["val"])
        metrics = copy.deepcopy(module.metrics)
        metrics.reset()
        rows = torch.linspace(0, len(train) - 1, min(count, len(train))).long()
        for index in rows.split(data.batch_size):
            inputs, target = (part.to(module.device) for part in train[index])
            metrics.update(module(inputs), target)
        return metrics.compute()[self.metric]
