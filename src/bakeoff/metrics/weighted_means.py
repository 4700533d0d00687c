"""Averages of named numbers over batches of different sizes."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torchmetrics import Metric


class WeightedMeans(Metric):
    """The mean of each of some named scalars, sum(weight * value) / sum(weight), over all updates of all
    processes.

    Sums stay on the device: an update does not wait for it. The names are those of the first update, and
    every later one must have them too.
    """

    full_state_update = False
    sums: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[str, ...] = ()
        # The number of values shows in the first update: until then one zero stands for all.
        self.add_state("sums", torch.zeros(()), dist_reduce_fx="sum")

    def update(self, values: Mapping[str, Tensor], weight: int) -> None:
        """Add scalars by name, each with the same weight, such as the number of samples in a batch."""
        self.names = self.names or tuple(values)
        parts = [values[name].detach() for name in self.names]
        ones = torch.ones((), device=self.sums.device)
        self.sums = self.sums + torch.stack([*parts, ones]) * weight

    def compute(self) -> dict[str, Tensor]:
        """The means, scalars by name; empty without an update."""
        return (
            dict(zip(self.names, self.sums[:-1] / self.sums[-1], strict=True)) if self.names else {}
        )
