"""The orders in which several members see the batches of an epoch."""

from collections.abc import Sequence

import torch
from torch import Tensor


class Orders:
    """The batches of indices of each of K members; those that come in one order are read once.

    `steps` are the indices of each step, of all S different orders one after another, and `of` says for
    each member which order is its own.
    """

    def __init__(self, batches: Sequence[Sequence[Tensor]], device: torch.device) -> None:
        found: dict[bytes, int] = {}
        different: list[Sequence[Tensor]] = []
        self.of: list[int] = []
        for own in batches:
            key = torch.cat(list(own)).numpy().tobytes()
            if key not in found:
                found[key] = len(different)
                different.append(own)
            self.of.append(found[key])
        self.steps = [torch.cat(of_step) for of_step in zip(*different, strict=True)]
        self._count = len(different)
        each_its_own = self.of == list(range(self._count))
        self._of = None if each_its_own else torch.tensor(self.of, device=device)

    def apart(self, rows: Tensor) -> Tensor:
        """The rows of a step (S * B, ...) as those of each order, (S, B, ...)."""
        return rows.unflatten(0, (self._count, -1))

    def handed_out(self, rows: Tensor) -> Tensor:
        """What the members get, (K, B, ...), of the rows of each order (S, B, ...)."""
        return rows if self._of is None else rows[self._of]
