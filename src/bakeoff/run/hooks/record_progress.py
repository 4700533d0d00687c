"""A record that says how far a run is."""

import math
import time
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from bakeoff.errors import BakeoffError
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.store.record import Metric, RunRecord

EVERY_S = 2.0  # as often as progress.json


class RecordProgress(Callback):
    """Keeps the record true after every epoch, and writes `run.json` then, so that its readers see how far
    the run is: after the first epoch, and at most once in EVERY_S seconds. Whoever ends the run writes the
    last one.
    """

    def __init__(self, record: RunRecord, run_dir: Path, clock: TrainingClock) -> None:
        self.record = record
        self.run_dir = run_dir
        self.clock = clock
        self._written = float("-inf")

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Note the epoch, its costs, and the validation metrics of the best epoch so far."""
        if trainer.sanity_checking:
            return
        metrics = {
            name.removeprefix("val/"): finite(value)
            for name, value in trainer.callback_metrics.items()
            if name.startswith("val/")
        }
        record, metric = self.record, self.record.metric
        if metric.name not in metrics:
            raise BakeoffError(
                f"task.metric.name is {metric.name!r}, but the task measures {sorted(metrics)}"
            )
        record.epochs = trainer.current_epoch + 1
        record.train_seconds = self.clock.seconds
        record.samples_per_second = self.clock.samples_per_second
        value = metrics[metric.name]
        if value is not None and (metric.value is None or better(value, metric)):
            metric.value, metric.epoch = value, trainer.current_epoch
            record.seconds_to_best = self.clock.seconds
            record.metrics = metrics
        if time.monotonic() - self._written >= EVERY_S:  # writing takes longer than a short epoch
            record.write(self.run_dir)
            self._written = time.monotonic()


def better(value: float, metric: Metric) -> bool:
    """Whether `value` is better than the value that `metric` has so far."""
    return value > metric.value if metric.direction == "max" else value < metric.value


def finite(value: Any) -> float | None:
    """A number as JSON knows it: None for NaN and infinities."""
    number = float(value)
    return number if math.isfinite(number) else None
