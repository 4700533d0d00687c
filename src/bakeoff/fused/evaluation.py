"""The outputs of several members for the same inputs, in evaluation mode."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor
from torch.utils.data import Dataset
from torchmetrics import Metric

AT_ONCE = (
    2**20
)  # numbers of a member's output that are gathered for metrics that take batches as one


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a member asks for: that `metrics` see the outputs of its net for the rows of a data set in
    `batches`, and that `note_losses(means, samples)`, if given, gets the losses of each batch.
    """

    dataset: Dataset
    batches: Sequence[Tensor]
    metrics: Metric
    note_losses: Callable[[Mapping[str, Tensor], int], None] | None = None

    @property
    def key(self) -> tuple[int, bytes]:
        """Equal for members that see the same inputs."""
        return id(self.dataset), torch.cat(list(self.batches)).numpy().tobytes()

    def take(self, outputs: Sequence[Tensor], targets: Sequence[Tensor]) -> None:
        """Update the metrics by outputs and targets of some batches.

        Metrics that are ratios of sums over examples (`from_sums`) take them as one batch.
        """
        if hasattr(self.metrics, "from_sums"):
            outputs, targets = [torch.cat(list(outputs))], [torch.cat(list(targets))]
        for output, target in zip(outputs, targets, strict=True):
            self.metrics.update(output, target)


def alike(asked: Sequence[Evaluation]) -> Iterator[list[int]]:
    """The places in `asked` of evaluations of the same inputs, group by group."""
    keys = [one.key for one in asked]
    order = sorted(range(len(asked)), key=lambda place: keys[place])
    for _, places in groupby(order, key=lambda place: keys[place]):
        yield list(places)


def hand_out(
    asked: Sequence[Evaluation], evaluated: Iterator[tuple[Tensor, Tensor, Mapping[str, Tensor]]]
) -> None:
    """Give each of `asked` its part of what was evaluated batch by batch: outputs (K, B, ...), targets
    (B, ...) and losses (K,) by name.
    """
    outputs: list[Tensor] = []
    targets: list[Tensor] = []
    gathered = 0
    for output, target, losses in evaluated:
        for place, own in enumerate(asked):
            if own.note_losses is not None:
                own.note_losses({name: part[place] for name, part in losses.items()}, len(target))
        outputs.append(output)
        targets.append(target)
        gathered += output[0].numel()
        if gathered >= AT_ONCE:
            _take(asked, outputs, targets)
            outputs, targets, gathered = [], [], 0
    if outputs:
        _take(asked, outputs, targets)


def _take(
    asked: Sequence[Evaluation], outputs: Sequence[Tensor], targets: Sequence[Tensor]
) -> None:
    for place, own in enumerate(asked):
        own.take([output[place] for output in outputs], targets)
