"""What an epoch of several members adds up, without waiting for their device."""

from collections.abc import Mapping

import torch
from torch import Tensor

from bakeoff.run.parts.divergence import NEVER


class EpochSums:
    """The losses of K members over the batches of an epoch, and the first batch of each whose loss is not
    finite. All stays on the device until it is asked for.
    """

    def __init__(self) -> None:
        self.batches = self.samples = 0
        self._sums: dict[str, Tensor] = {}
        self._bad: Tensor | None = None

    def add(self, losses: Mapping[str, Tensor], samples: int) -> None:
        """Add the mean losses (K,) by name of a batch of so many samples; `loss` is what is trained."""
        for name, part in losses.items():
            self._sums[name] = self._sums.get(name, 0) + part * samples
        bad = torch.where(torch.isfinite(losses["loss"]), NEVER, self.batches)
        self._bad = bad if self._bad is None else torch.minimum(self._bad, bad)
        self.batches += 1
        self.samples += samples

    def means(self) -> dict[str, Tensor]:
        """The mean losses (K,) by name over all samples."""
        return {name: total / self.samples for name, total in self._sums.items()}

    def bad_batches(self) -> list[int | None]:
        """The first batch of each member whose loss is not finite, None for none. Waits for the device."""
        found = [] if self._bad is None else self._bad.tolist()
        return [None if at == NEVER else at for at in found]
