"""The training loss while an epoch lasts."""

from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback
from torch import Tensor

from bakeoff.run.parts.event_log import STEP_LOSS, EventLog


class LiveLoss(Callback):
    """Writes the training loss of every `log_every_n_steps`-th step to TensorBoard at once, where an epoch
    has twice as many steps or more; the curve of a shorter epoch would be its mean.

    A device has to finish its work for each value that is written, and only for those.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._written = 0  # optimizer steps at the last value

    def on_train_batch_end(
        self,
        trainer: pl.Trainer,
        module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        if outputs and "loss" in outputs:
            self.note(trainer, trainer.global_step, outputs["loss"])

    def note(self, trainer: pl.Trainer, done: int, loss: Tensor) -> None:
        """Write the `loss` of the last of the `done` steps, where it is one of those that are written."""
        every = trainer.log_every_n_steps
        parts = trainer.accumulate_grad_batches  # Lightning divides the loss by it
        if not every or done % every or done == self._written:
            return
        if trainer.num_training_batches < 2 * every * parts:
            return
        self._written = done
        step = done - 1  # as Lightning counts for what modules log
        self._log.experiment.add_scalar(STEP_LOSS, float(loss) * parts, step)
        self._log.experiment.flush()
