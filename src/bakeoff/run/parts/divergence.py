"""Whether a training still has a loss, found out without waiting for a device at each step."""

import torch
from torch import Tensor

NEVER = 2**62  # stands for the number of a step that has not come
AT_ONCE = 32  # losses that are looked at together


class DivergedError(RuntimeError):
    """The training loss is no longer finite, or the metric of the task never was."""


class LossWatch:
    """Knows the first step whose loss is not finite. Losses stay on their device."""

    def __init__(self, bad_step: Tensor | None = None) -> None:
        self._bad_step = torch.tensor(NEVER) if bad_step is None else bad_step
        self._losses: list[Tensor] = []
        self._steps: list[int] = []

    def add(self, step: int, loss: Tensor) -> None:
        """Note the loss of a step, a scalar."""
        self._losses.append(loss.detach())
        self._steps.append(step)
        if len(self._steps) == AT_ONCE:
            self._look()

    @property
    def bad_step(self) -> Tensor:
        """The number of the first step whose loss is not finite, else NEVER: a scalar on the device."""
        if self._steps:
            self._look()
        return self._bad_step

    def _look(self) -> None:
        losses = torch.stack(self._losses)
        steps = torch.tensor(self._steps, device=losses.device)
        first = torch.where(torch.isfinite(losses), NEVER, steps).min()
        self._bad_step = torch.minimum(self._bad_step.to(losses.device), first)
        self._losses, self._steps = [], []
