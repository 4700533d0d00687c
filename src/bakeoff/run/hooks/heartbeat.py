"""How far a run is, within its epochs: for whoever shows it, and as a sign that it still works."""

import time
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.store import run_progress
from bakeoff.store.run_progress import RunProgress

EVERY_S = 2.0


class Heartbeat(Callback):
    """Writes `progress.json` into the run's directory, at most once in EVERY_S seconds, and removes it when
    the training ends. It never waits for a device.
    """

    def __init__(self, run_dir: Path, clock: TrainingClock) -> None:
        self._run_dir = run_dir
        self._clock = clock
        self._written = float("-inf")
        # Time, epochs and samples at the first beat of this process.
        self._start: tuple[float, float, int] | None = None

    def on_fit_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        run_progress.remove(self._run_dir)  # of a process that was killed

    def on_train_batch_end(
        self,
        trainer: pl.Trainer,
        module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        self.note(trainer, batch_idx + 1)

    def note(self, trainer: pl.Trainer, done: int) -> None:
        """Tell that so many batches of this epoch are done."""
        batches = trainer.num_training_batches  # infinite for data that do not know their length
        self._beat(trainer, trainer.current_epoch + done / batches)

    def on_validation_batch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        if self._start is not None:  # else it is the check of Lightning before the training
            self._beat(trainer, trainer.current_epoch + _part(trainer))

    def on_train_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        run_progress.remove(self._run_dir)

    def on_exception(
        self, trainer: pl.Trainer, module: pl.LightningModule, exception: BaseException
    ) -> None:
        run_progress.remove(self._run_dir)

    def _beat(self, trainer: pl.Trainer, epochs: float) -> None:
        now = time.monotonic()
        if now - self._written < EVERY_S:
            return
        self._written = now
        samples = self._clock.samples
        if self._start is None:
            self._start = (now, epochs, samples)
        began, before, seen = self._start
        elapsed, done = now - began, epochs - before
        total = trainer.max_epochs if trainer.max_steps < 0 else None  # steps may end it earlier
        is_known = done > 0 and total is not None and total > 0
        RunProgress(
            epochs=epochs,
            samples_per_second=(samples - seen) / elapsed if elapsed else None,
            seconds_left=max(0.0, (total - epochs) * elapsed / done) if is_known else None,
        ).write(self._run_dir)


def _part(trainer: pl.Trainer) -> float:
    """How much of the epoch's training is done when a validation runs, which may be within the epoch."""
    return trainer.fit_loop.epoch_loop.batch_progress.current.ready / trainer.num_training_batches
