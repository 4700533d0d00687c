"""Lightning's loop over the batches of an epoch, in which other code trains the batches."""

from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.loops.training_epoch_loop import _TrainingEpochLoop

from bakeoff.fused.logged import OnProcessor


class EpochAtOnce(_TrainingEpochLoop):
    """Calls `train()` in the place of an epoch's training batches.

    All else is Lightning's: validation, logs, schedules that step once an epoch, the counts of a
    checkpoint. An epoch that goes on from a checkpoint within it is trained batch by batch.
    """

    def __init__(self, trainer: pl.Trainer, train: Callable[[], None]) -> None:
        before = trainer.fit_loop.epoch_loop
        super().__init__(trainer, before.min_steps, before.max_steps)
        if trainer.strategy.root_device.type == "cpu":
            self._results = OnProcessor(training=True)
        self._train = train

    def advance(self, data_fetcher: Any) -> None:
        """Train the whole epoch. Raises what the training of this member raises."""
        at_its_end = self.restarting and self._should_check_val_fx(data_fetcher)
        if at_its_end or self.batch_progress.current.ready:
            super().advance(data_fetcher)
            return
        self.val_loop.restarting = False
        batch, _, _ = next(data_fetcher)  # draws the order of the epoch
        self.trainer._logger_connector.on_batch_start(batch)
        self._train()
        self._count(self.trainer.num_training_batches)
        self.update_lr_schedulers("epoch", update_plateau_schedulers=False)
        self.trainer._logger_connector.on_batch_end()

    def _count(self, batches: int) -> None:
        """Count as Lightning counts batch by batch."""
        stepped = any(c.interval == "step" for c in self.trainer.lr_scheduler_configs)
        progress = self.automatic_optimization.optim_progress.optimizer
        counted = [self.batch_progress, progress.step, progress.zero_grad]
        if stepped:
            counted.append(self.scheduler_progress)
        for tracked in counted:
            for tracker in (tracked.total, tracked.current):
                for name in vars(tracker):
                    setattr(tracker, name, getattr(tracker, name) + batches)
        self.batch_progress.is_last_batch = True
        self._batches_that_stepped += batches - 1  # Lightning counts the last one itself


class OwnStorage(Callback):
    """Checkpoints with the member's own weights alone: a view of the stack would be saved as all of it."""

    def on_save_checkpoint(
        self, trainer: pl.Trainer, module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Copy what is a view."""
        weights = checkpoint["state_dict"]
        checkpoint["state_dict"] = type(weights)({name: t.clone() for name, t in weights.items()})
