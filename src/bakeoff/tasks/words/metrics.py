"""The metrics of predicted words."""

import math
from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics import Metric

from bakeoff.text.streams import IGNORED

SUMS = ("entropy", "first", "five", "count")


class WordMetrics(Metric):
    """cross_entropy, perplexity, bits_per_word, accuracy and top5_accuracy over all targets but -100.

    cross_entropy is the mean of -log softmax at the target, in nats per word; perplexity is its exponential
    and bits_per_word is cross_entropy / log 2. accuracy and top5_accuracy are the shares of targets that
    have the largest score, and one of the five largest scores.
    """

    full_state_update = False
    directions: ClassVar = {
        **dict.fromkeys(("perplexity", "cross_entropy", "bits_per_word"), "min"),
        **dict.fromkeys(("accuracy", "top5_accuracy"), "max"),
    }
    entropy: Tensor
    first: Tensor
    five: Tensor
    count: Tensor

    def __init__(self) -> None:
        super().__init__()
        for name in SUMS:
            self.add_state(name, torch.zeros((), dtype=torch.float64), dist_reduce_fx="sum")

    def update(self, output: Tensor, target: Tensor) -> None:
        """Add scores (..., words) for targets (...)."""
        output, target = output.reshape(-1, output.shape[-1]), target.reshape(-1)
        log_probabilities = output.float().log_softmax(dim=1)
        self.entropy += F.nll_loss(
            log_probabilities, target, ignore_index=IGNORED, reduction="sum"
        ).double()
        best = output.topk(min(5, output.shape[1]), dim=1).indices
        hit = best == target.unsqueeze(1)  # no word has the number -100
        self.first += hit[:, 0].sum()
        self.five += hit.sum()
        self.count += (target != IGNORED).sum()

    def compute(self) -> dict[str, Tensor]:
        """The averages over everything seen since the last reset."""
        return self.from_sums({name: getattr(self, name) for name in SUMS})

    @staticmethod
    def per_example(output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """What the metrics are ratios of sums of, each (B,): over the targets (B, ...) of an example."""
        examples = len(target)
        flat, target = output.reshape(-1, output.shape[-1]), target.reshape(-1)
        best = flat.topk(min(5, flat.shape[1]), dim=1).indices
        hit = best == target.unsqueeze(1)
        found = {
            "entropy": F.nll_loss(
                flat.float().log_softmax(dim=1), target, ignore_index=IGNORED, reduction="none"
            ),
            "first": hit[:, 0],
            "five": hit.any(dim=1),
            "count": target != IGNORED,
        }
        return {
            name: values.double().reshape(examples, -1).sum(dim=1) for name, values in found.items()
        }

    @staticmethod
    def from_sums(sums: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The metrics (...) of sums (...) over examples."""
        entropy = sums["entropy"] / sums["count"]
        return {
            "perplexity": entropy.exp(),
            "cross_entropy": entropy,
            "bits_per_word": entropy / math.log(2),
            "accuracy": sums["first"] / sums["count"],
            "top5_accuracy": sums["five"] / sums["count"],
        }
