"""Checkpoints within an epoch: a long epoch loses minutes, not hours, when a run is stopped."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from bakeoff.run.hooks.continuation import MIDWAY, Continuation
from bakeoff.run.hooks.interruption import Interruption
from bakeoff.run.hooks.random_states import random_states, set_random_states
from bakeoff.run.hooks.training_clock import TrainingClock


class Midway(Callback):
    """Writes a checkpoint within an epoch every `minutes` (None: never) and where something asks the run
    to end, which it then does. The last of a trainer's callbacks: what the others do at the end of a batch
    is in the checkpoint.

    A training that goes on from there draws the order of the epoch's batches again, passes over those
    that it has seen, and then sets every random generator to where it was. The states from which the
    order was drawn are those of the epoch's start. There is no such checkpoint where that is not enough:
    with data that do not know their length, with validation by the clock, and with worker processes in
    the first epoch of a process, whose batches were drawn before it started.
    """

    def __init__(
        self,
        continuation: Continuation,
        folder: Path,
        clock: TrainingClock,
        minutes: float | None,
        interruption: Interruption,
    ) -> None:
        self.path = folder / MIDWAY
        self._clock = clock
        self._continuation = continuation
        self._interruption = interruption
        self._seconds = float("inf") if minutes is None else 60 * minutes
        self._saved = 0.0  # when
        self._start: dict[str, Any] = {}  # of the epoch

    @property
    def is_asked_to_end(self) -> bool:
        """Whether something has asked the run to end."""
        return self._interruption.reason is not None

    def ask_to_end(self, reason: str) -> None:
        """Ask the run to end where it can be left."""
        self._interruption.ask(reason)

    def state_dict(self) -> dict[str, Any]:
        """The start of the epoch, as plain data and tensors; empty at its end."""
        return self._start if self._continuation.batches else {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self._start = state_dict

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._saved = time.monotonic()
        self._interruption.deferred = True
        if self._continuation.is_midway:
            fetcher = trainer.fit_loop._data_fetcher
            fetcher.iterator = self._go_on(trainer)

    def _go_on(self, trainer: pl.Trainer) -> Iterator[Any]:
        """The rest of the epoch's batches; made when Lightning asks for the first."""
        # Else Lightning leaves out the step of schedules that follow a metric at the end of this epoch.
        trainer.fit_loop._restarting = False
        batches, states = self._continuation.take_midway()
        if self._start["has_iterator"]:
            rest = iter(trainer.fit_loop._combined_loader)
        set_random_states(self._start["states"])
        if not self._start["has_iterator"]:
            rest = iter(trainer.fit_loop._combined_loader)
        for _ in range(batches):
            next(rest)
        set_random_states(states)
        while (batch := next(rest, None)) is not None:
            yield batch

    def on_train_epoch_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._interruption.end()
        self.path.unlink(missing_ok=True)  # the checkpoint of the epoch before is written
        self._saved = time.monotonic()
        loop = trainer.fit_loop
        self._start = {
            "states": random_states(),
            # The iterator of the batches has been made: its worker processes may have drawn.
            "has_iterator": trainer.current_epoch == 0 or loop.is_resuming,
        }

    def on_train_batch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        if not self.is_asked_to_end and time.monotonic() - self._saved < self._seconds:
            return
        if self._start and _can_be_left(trainer, self._start["has_iterator"]):
            if not _is_between_steps(trainer):
                # Lightning would end the run here after SIGTERM, without a checkpoint.
                trainer._signal_connector.received_sigterm = False
                return
            self._save(trainer)
        self._interruption.end()

    def on_train_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._interruption.deferred = False
        self.path.unlink(missing_ok=True)
        self._interruption.end()

    def on_exception(
        self, trainer: pl.Trainer, module: pl.LightningModule, exception: BaseException
    ) -> None:
        self._interruption.deferred = False

    def _save(self, trainer: pl.Trainer) -> None:
        self._continuation.batches = trainer.fit_loop.epoch_loop.batch_progress.current.ready
        with self._clock.paused():
            trainer.save_checkpoint(self.path)
        self._continuation.batches = 0
        self._saved = time.monotonic()


def _can_be_left(trainer: pl.Trainer, has_iterator: bool) -> bool:
    """Whether a training can go on from within this epoch."""
    loaders = trainer.fit_loop._combined_loader.flattened
    return (
        trainer.num_training_batches != float("inf")
        and trainer._val_check_time_interval is None
        and not (has_iterator and any(getattr(loader, "num_workers", 0) for loader in loaders))
    )


def _is_between_steps(trainer: pl.Trainer) -> bool:
    """Whether no gradients are being accumulated and no validation comes next."""
    loop = trainer.fit_loop.epoch_loop
    return not (
        loop._num_ready_batches_reached()
        or loop._should_accumulate()
        or loop._should_check_val_fx(trainer.fit_loop._data_fetcher)
    )
