"""The time of training and validation, without the time of what only shows or stores."""

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from torch import Tensor

# What callbacks do once an epoch between the start and the end of training.
EPOCH_HOOKS = (
    "on_train_epoch_start",
    "on_train_epoch_end",
    "on_validation_start",
    "on_validation_epoch_start",
    "on_validation_epoch_end",
    "on_validation_end",
)


class TrainingClock(Callback):
    """Measures `seconds` from the start of the first training epoch to the end of the last one, and
    counts training `samples`.

    The clock stands still during the epoch hooks of each callback given to `leave_out`. It must be the
    first of a trainer's callbacks, so that what the others do at the end of training is not counted.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.samples = 0
        self._started: float | None = None

    @property
    def samples_per_second(self) -> float | None:
        """None where nothing was trained."""
        return self.samples / self.seconds if self.seconds else None

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._start()

    def on_train_batch_end(
        self,
        trainer: pl.Trainer,
        module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        self.samples += samples_in(batch)

    def add(self, seconds: float, samples: int) -> None:
        """Count a training that was made while the clock stood still."""
        self.seconds += seconds
        self.samples += samples

    def on_train_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The clock stands still in this context."""
        running = self._started is not None
        if running:
            self._stop()
        yield
        if running:
            self._start()

    def leave_out(self, callback: Callback) -> Callback:
        """`callback`, whose epoch hooks now run while the clock stands still."""
        for name in EPOCH_HOOKS:
            if getattr(type(callback), name) is not getattr(Callback, name):
                setattr(callback, name, self._while_stopped(getattr(callback, name)))
        return callback

    def _while_stopped(self, hook: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(hook)
        def stopped(*arguments: Any, **named: Any) -> None:
            with self.paused():
                hook(*arguments, **named)

        return stopped

    def _start(self) -> None:
        self._started = _now()

    def _stop(self) -> None:
        self.seconds += _now() - self._started
        self._started = None


def samples_in(batch: Any) -> int:
    """The number of samples of a batch: (inputs, targets), or else the length of its first tensor, 0 where
    it has none.
    """
    if isinstance(batch, list | tuple) and len(batch) == 2 and isinstance(batch[1], Tensor):
        return len(batch[1])
    if isinstance(batch, Tensor):
        return len(batch) if batch.ndim else 1
    parts = batch.values() if isinstance(batch, Mapping) else batch
    counts = (
        map(samples_in, parts) if isinstance(parts, Iterable) and not isinstance(parts, str) else ()
    )
    return next((count for count in counts if count), 0)


def _now() -> float:
    # What is queued on a GPU belongs to the time before.
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.synchronize()
    return time.monotonic()
