"""Epochs that saw every batch."""

from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from bakeoff.errors import BakeoffError

REASON = "the net, the loss, the data or a callback raised StopIteration, which says that data end"


class WholeEpochs(Callback):
    """Raises BakeoffError where an epoch of training or validation ends before its last batch, or the
    training before its last epoch.

    Lightning takes StopIteration from a net, a loss or a data set for the end of the data: it would go
    on, and compare a metric of a part of the validation split with metrics of all of it.
    """

    def __init__(self) -> None:
        self._trained = 0
        self._validated = 0

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        # Of an epoch within which the training goes on, for which there is no start.
        self._trained = trainer.fit_loop.epoch_loop.batch_progress.current.ready

    def on_train_epoch_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._trained = 0

    def on_train_batch_end(self, *_: Any) -> None:
        self.note(1)

    def note(self, batches: int) -> None:
        """Count batches that were trained."""
        self._trained += batches

    def on_train_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        if not _was_stopped(trainer):
            _require("training", trainer.current_epoch, self._trained, trainer.num_training_batches)

    def on_train_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        if trainer.current_epoch < (trainer.max_epochs or 0) and not _was_stopped(trainer):
            raise BakeoffError(
                f"training ended in epoch {trainer.current_epoch} of {trainer.max_epochs}: {REASON}"
            )

    def on_validation_epoch_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._validated = 0

    def on_validation_batch_end(self, *_: Any) -> None:
        self._validated += 1

    def on_validation_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        if trainer.sanity_checking:
            return
        expected = sum(trainer.num_val_batches)
        _require("validation", trainer.current_epoch, self._validated, expected)


def _was_stopped(trainer: pl.Trainer) -> bool:
    """Whether early stopping, a time limit or a limit of steps ended the training."""
    enough_steps = trainer.max_steps >= 0 and trainer.global_step >= trainer.max_steps
    return trainer.should_stop or enough_steps


def _require(what: str, epoch: int, seen: int, expected: float) -> None:
    """`expected` is infinite where a loader does not know its length."""
    if seen < expected < float("inf"):
        raise BakeoffError(
            f"{what} of epoch {epoch} ended after {seen} of {expected} batches: {REASON}"
        )
