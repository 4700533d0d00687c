"""Averages of named numbers over batches of different sizes."""

from collections.abc import Mapping

import torch
from torch import Tensor

AT_ONCE = 32  # updates that are added up together


class WeightedMeans:
    """The mean of each of some named scalars, sum(weight * value) / sum(weight), over all updates.

    An update only keeps its values. They are added up some at a time, in their order: the sums are the
    same, and take less time. All stays on the device, and nothing waits for it. The names are those of the
    first update, and every later one must have them too.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.restore((), torch.zeros(()))

    def restore(self, names: tuple[str, ...], sums: Tensor) -> None:
        """Go on from the `names` and `sums` of an object like this."""
        self.names = names
        self._sums = sums
        self._values: list[Tensor] = []
        self._weights: list[int] = []

    def update(self, values: Mapping[str, Tensor], weight: int) -> None:
        """Add scalars by name, each with the same weight, such as the number of samples in a batch."""
        self.names = self.names or tuple(values)
        self._values += [values[name].detach() for name in self.names]
        self._weights.append(weight)
        if len(self._weights) == AT_ONCE:
            self._add_up()

    @property
    def sums(self) -> Tensor:
        """(N + 1,): sum(weight * value) of each of N names, and sum(weight); a zero without an update."""
        if self._weights:
            self._add_up()
        return self._sums

    def compute(self) -> dict[str, Tensor]:
        """The means, scalars by name; empty without an update."""
        if not self.names:
            return {}
        return dict(zip(self.names, self.sums[:-1] / self.sums[-1], strict=True))

    def _add_up(self) -> None:
        values = torch.stack(self._values).unflatten(0, (-1, len(self.names)))
        weights = torch.tensor(self._weights, device=values.device)[:, None]
        parts = torch.cat([values, torch.ones_like(values[:, :1], dtype=torch.float32)], dim=1)
        for row in (parts * weights).unbind():
            self._sums = self._sums.to(row.device) + row
        self._values, self._weights = [], []
