"""How well classes are told apart."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics import Metric
from torchmetrics.functional.classification import multiclass_confusion_matrix


def class_scores(matrix: Tensor) -> dict[str, Tensor]:
    """Per class, each (C,), from a confusion matrix (C, C) with true classes as rows.

    `precision` = right / predicted as it, `recall` = right / all of it, `f1` their harmonic mean; 0
    where there is nothing to divide by. `images`: how many there are of it.
    """
    matrix = matrix.double()
    right, true, predicted = matrix.diagonal(), matrix.sum(dim=1), matrix.sum(dim=0)
    return {
        "precision": right / predicted.clamp_min(1),
        "recall": right / true.clamp_min(1),
        "f1": 2 * right / (true + predicted).clamp_min(1),
        "images": true,
    }


class ClassificationMetrics(Metric):
    """accuracy; cross_entropy (mean of -log softmax at the label, in nats); macro_f1, over classes.

    `matrix` counts images by true class (rows) and predicted class (columns).
    """

    full_state_update = False
    directions: ClassVar = {"accuracy": "max", "cross_entropy": "min", "macro_f1": "max"}
    matrix: Tensor
    entropy: Tensor

    def __init__(self) -> None:
        super().__init__()
        # The number of classes shows in the first batch: until then one zero stands for all.
        self.add_state("matrix", torch.zeros((), dtype=torch.long), dist_reduce_fx="sum")
        self.add_state("entropy", torch.zeros((), dtype=torch.float64), dist_reduce_fx="sum")

    def update(self, output: Tensor, target: Tensor) -> None:
        """Add a batch of logits (B, C) and labels (B,)."""
        classes = output.shape[1]
        counts = multiclass_confusion_matrix(output, target, classes, validate_args=False)
        self.matrix = self.matrix + counts
        self.entropy = self.entropy + F.cross_entropy(output, target, reduction="sum")

    def compute(self) -> dict[str, Tensor]:
        """The averages over everything seen since the last reset."""
        total = self.matrix.sum()
        return {
            "accuracy": self.matrix.trace() / total,
            "cross_entropy": self.entropy / total,
            "macro_f1": class_scores(self.matrix)["f1"].mean(),
        }

    @staticmethod
    def per_example(output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """What the metrics are ratios of sums of, for each of B logits (B, C) and labels (B,): (B,), or
        (B, C) by class.
        """
        classes, predicted = output.shape[1], output.argmax(dim=1)
        true = F.one_hot(target, classes)
        return {
            "count": torch.ones(len(target)),
            "entropy": F.cross_entropy(output, target, reduction="none"),
            "right": true * (predicted == target).unsqueeze(1),
            "true": true,
            "predicted": F.one_hot(predicted, classes),
        }

    @staticmethod
    def from_sums(sums: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The metrics (...) of sums over examples, (...) or (..., C)."""
        f1 = 2 * sums["right"] / (sums["true"] + sums["predicted"]).clamp_min(1)
        return {
            "accuracy": sums["right"].sum(dim=-1) / sums["count"],
            "cross_entropy": sums["entropy"] / sums["count"],
            "macro_f1": f1.mean(dim=-1),
        }
