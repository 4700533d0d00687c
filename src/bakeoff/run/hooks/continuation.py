"""A run that was interrupted goes on from a checkpoint, and ends with the numbers of one that was not."""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback, EarlyStopping
from pytorch_lightning.plugins import TorchCheckpointIO
from pytorch_lightning.utilities.types import LRSchedulerConfig

from bakeoff.run.hooks.random_states import random_states, set_random_states
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.store import atomic, curves_file, run_progress
from bakeoff.store.events import EVENTS
from bakeoff.store.masking import masked_containers
from bakeoff.store.record import Metric, RunRecord

log = logging.getLogger(__name__)

BEST, LAST, MIDWAY = "best.ckpt", "last.ckpt", "midway.ckpt"
MEASURED = "measured_in_epoch"  # a key of checkpoints


ARGUMENTS = ("hyper_parameters", "datamodule_hyper_parameters")  # by save_hyperparameters()


class AtomicCheckpoints(TorchCheckpointIO):
    """Checkpoint files that are written whole or not at all; raises BakeoffError where one cannot be.

    Lightning's own writer passes over some errors, and a process that is killed in it can leave a part of a
    file in place of the checkpoint before. Where the last epoch is the best one, the one file is
    a copy of the other.
    """

    def __init__(self) -> None:
        super().__init__()
        self._best: Any = None  # epoch and steps of the best checkpoint

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: Any, storage_options: Any | None = None
    ) -> None:
        """Write a checkpoint to `path`; of what a module has saved of its arguments, secrets are masked."""
        for key in ARGUMENTS:
            if key in checkpoint:
                checkpoint = {**checkpoint, key: masked_containers(checkpoint[key])}
        path, when = Path(path), (checkpoint.get("epoch"), checkpoint.get("global_step"))
        best = path.with_name(BEST)
        if path.name == LAST and when == self._best:
            atomic.write_with(path, lambda temporary: shutil.copyfile(best, temporary))
            return
        atomic.write_with(path, lambda temporary: torch.save(checkpoint, temporary))
        if path == best:
            self._best = when


class Continuation(Callback):
    """Keeps in each checkpoint the run, folder, code and data that it is of, the best epoch so far, the
    time, and the state of every random generator; the training of the same run goes on with them.

    The order of the next epoch's batches, dropout and augmentation are drawn from these states. From a
    checkpoint of another origin, nothing of this is taken.

    `batches` is the number of batches after which a checkpoint within an epoch is written
    (`bakeoff.run.hooks.midway`), else 0.
    """

    def __init__(self, record: RunRecord, run_dir: Path, clock: TrainingClock) -> None:
        self.record = record
        self.clock = clock
        self.origin = _origin(record, run_dir)
        self.batches = 0
        self._goes_on = False
        self._done = 0  # batches of the epoch that the checkpoint is within
        self._states: Mapping[str, Any] | None = None
        self._measured: Mapping[str, float] = {}

    def state_dict(self) -> dict[str, Any]:
        """What a training needs to go on, as plain data and tensors."""
        run, clock = self.record, self.clock
        return {
            "origin": self.origin,
            "random": random_states(),
            "best": {
                "metric": asdict(run.metric),
                "metrics": dict(run.metrics),
                "seconds": run.seconds_to_best,
            },
            "epochs": run.epochs,
            "batches": self.batches,
            "time": {"seconds": clock.seconds, "samples": clock.samples},
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where the checkpoint is of the same run and folder."""
        self._goes_on = state_dict["origin"] == self.origin
        if not self._goes_on:
            return
        self._states, self._done = state_dict["random"], state_dict.get("batches", 0)
        run, clock, best = self.record, self.clock, state_dict["best"]
        run.metric, run.metrics = Metric(**best["metric"]), best["metrics"]
        run.seconds_to_best = best.get("seconds")
        run.epochs = state_dict["epochs"]
        clock.seconds, clock.samples = state_dict["time"]["seconds"], state_dict["time"]["samples"]

    @property
    def is_midway(self) -> bool:
        """Whether the training goes on within an epoch."""
        return self._done > 0

    def take_midway(self) -> tuple[int, Mapping[str, Any]]:
        """How many batches of the epoch are done, and the random states after them; only once."""
        found = self._done, self._states
        self._done, self._states = 0, None
        return found

    def on_save_checkpoint(
        self, trainer: pl.Trainer, module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Keep what was measured: at the end of an epoch, Lightning logs the values of its training, and
        lets schedules follow them, only after it has written the checkpoint.
        """
        checkpoint[MEASURED] = {
            name: float(value) for name, value in trainer.callback_metrics.items()
        }

    def on_load_checkpoint(
        self, trainer: pl.Trainer, module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        self._measured = checkpoint.get(MEASURED, {})

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Do what the end of the checkpoint's epoch left to do: log the values of its training, which the
        log may have already; let schedules that follow a metric step; train no further epoch where early
        stopping had ended the training.
        """
        if not self._goes_on or self.is_midway:
            return
        own = {name: v for name, v in self._measured.items() if not name.startswith("val/")}
        step = trainer.fit_loop.epoch_loop._batches_that_stepped - 1  # as Lightning has it
        for logger in trainer.loggers if own else ():
            logger.log_metrics({**own, "epoch": trainer.current_epoch - 1}, step)
        for schedule in _following(trainer):
            if schedule.monitor in self._measured:
                schedule.scheduler.step(self._measured[schedule.monitor])
        stops = [c for c in trainer.callbacks if isinstance(c, EarlyStopping)]
        if any(stop.wait_count >= stop.patience for stop in stops):
            trainer.should_stop = True

    def on_train_epoch_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        if self._states is None:
            return
        set_random_states(self._states)
        self._states = None
        if trainer.fit_loop.is_resuming:
            # An epoch begins by making the iterator of its batches, which draws from torch's generator.
            # For the first epoch after a checkpoint Lightning made it earlier, from another state.
            iter(trainer.fit_loop._data_fetcher)


def _following(trainer: pl.Trainer) -> list[LRSchedulerConfig]:
    """The schedules that follow a metric and step at the end of the last epoch that is done."""
    done = trainer.fit_loop.epoch_progress.current.processed
    return [
        schedule
        for schedule in trainer.lr_scheduler_configs
        if schedule.reduce_on_plateau
        and schedule.interval == "epoch"
        and done % schedule.frequency == 0
    ]


def begin_again(run_dir: Path, record: RunRecord) -> Path | None:
    """The checkpoint that the training of a run goes on from; where there is None, what an earlier try has
    left is removed.
    """
    checkpoint = newest_checkpoint(run_dir, record)
    if checkpoint is None:
        clear(run_dir)
    else:
        log.info("goes on from %s", checkpoint)
    return checkpoint


def newest_checkpoint(run_dir: Path, record: RunRecord) -> Path | None:
    """The checkpoint in `run_dir` from which the training of a run can go on: the one of most steps.

    One that is damaged, or of another origin, is passed over with a warning. None without one, or where the
    best one is damaged: a training that went on might not reach it again.
    """
    steps: dict[Path, int] = {}
    for name in (LAST, MIDWAY, BEST):  # of equals, the first
        path = run_dir / "checkpoints" / name
        if path.exists():
            content = _intact(path, _origin(record, run_dir))
            if content is not None and _can_go_on(content):
                steps[path] = content["global_step"]
            elif content is None and name == BEST:
                return None
    return max(steps, key=lambda path: steps[path], default=None)


def _origin(record: RunRecord, run_dir: Path) -> dict[str, str | None]:
    # Lightning's ModelCheckpoint forgets its best value in another folder.
    return {
        "run": record.id,
        "folder": str(run_dir.resolve()),
        "code": record.code,
        "data": record.data_fingerprint,
    }


def _intact(path: Path, origin: Mapping[str, str | None]) -> Mapping[str, Any] | None:
    """The content of an intact checkpoint of this origin, else None."""
    try:
        content = torch.load(path, weights_only=True, map_location="cpu")
        found = content["callbacks"][Continuation.__qualname__]["origin"]
        if found == origin:
            return content
        other = ", ".join(name for name in origin if found.get(name) != origin[name])
        log.warning("%s is passed over: it was written with another %s", path, other)
    except Exception as error:  # torch raises many kinds for a damaged file
        log.warning("%s is passed over: it is damaged (%s)", path, type(error).__name__)
    return None


def _can_go_on(content: Mapping[str, Any]) -> bool:
    """Whether a checkpoint was written at the end of an epoch or by `bakeoff.run.hooks.midway`; not, for
    example, after a validation within an epoch.
    """
    done = content["loops"]["fit_loop"]["epoch_progress"]["current"]["processed"]
    batches = content["callbacks"][Continuation.__qualname__].get("batches", 0)
    return done == content["epoch"] + 1 or batches > 0


def drop_last(run_dir: Path) -> None:
    """Remove the checkpoints that are there to go on from; the best stays."""
    for name in (LAST, MIDWAY):
        (run_dir / "checkpoints" / name).unlink(missing_ok=True)


def clear(run_dir: Path) -> None:
    """Remove what an earlier try of a run has written there, and a training anew would mix with its own."""
    shutil.rmtree(run_dir / "checkpoints", ignore_errors=True)
    run_progress.remove(run_dir)
    for path in (run_dir / curves_file.FILE_NAME, *run_dir.rglob(EVENTS)):
        path.unlink(missing_ok=True)
