"""The size of the gradients and the time of each epoch."""

from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from torch import Tensor
from torch.optim import Optimizer

from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.run.parts.event_log import EPOCH_SECONDS, GRADIENT_NORM


class Watch(Callback):
    """Logs, once an epoch, the mean Euclidean norm of the gradients before clipping, and the seconds of
    training and validation.

    The norm is that of every `log_every_n_steps`-th step of the trainer and of the last step of an epoch.
    It stays on the device until the epoch ends.
    """

    def __init__(self, clock: TrainingClock) -> None:
        self._clock = clock
        self._norms: list[Tensor] = []
        self._seconds = 0.0  # of the clock, at the start of the epoch
        self._spent = 0.0  # of the epoch within which the training goes on

    def state_dict(self) -> dict[str, Any]:
        """The norms of an epoch that is not done, and the seconds that it has taken."""
        return {"norms": list(self._norms), "seconds": self._clock.seconds - self._seconds}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self._norms, self._spent = state_dict["norms"], state_dict["seconds"]

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._norms = [norm.to(module.device) for norm in self._norms]
        self._seconds = self._clock.seconds - self._spent

    def on_before_optimizer_step(
        self, trainer: pl.Trainer, module: pl.LightningModule, optimizer: Optimizer
    ) -> None:
        if (trainer.global_step + 1) % trainer.log_every_n_steps == 0 or trainer.is_last_batch:
            self.note(gradient_norm(module))

    def note(self, norm: Tensor) -> None:
        """Count the norm of one step's gradients in the mean of the epoch."""
        self._norms.append(norm)

    def on_train_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        found: dict[str, Any] = {EPOCH_SECONDS: self._clock.seconds - self._seconds}
        if self._norms:
            found[GRADIENT_NORM] = torch.stack(self._norms).mean()
        module.log_dict(found)
        self._norms, self._seconds = [], self._clock.seconds


def gradient_norm(module: torch.nn.Module) -> Tensor:
    """The Euclidean norm of all gradients together, a scalar on the device of the gradients."""
    gradients = [p.grad for p in module.parameters() if p.grad is not None]
    return torch.nn.utils.get_total_norm(gradients) if gradients else torch.zeros(())
