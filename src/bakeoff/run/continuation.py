"""A run that was interrupted goes on from a checkpoint, and ends with the numbers of one that was not."""

import logging
import random
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback, EarlyStopping
from pytorch_lightning.plugins import TorchCheckpointIO
from pytorch_lightning.utilities.types import LRSchedulerConfig

from bakeoff.run.training_clock import TrainingClock
from bakeoff.store import atomic
from bakeoff.store.record import Metric, RunRecord

log = logging.getLogger(__name__)

BEST, LAST = "best.ckpt", "last.ckpt"
FOLLOWED = "followed_by_schedules"  # a key of checkpoints
EVENTS = "events.out.tfevents.*"


class AtomicCheckpoints(TorchCheckpointIO):
    """Checkpoint files that are written whole or not at all; raises BakeoffError where one cannot be.

    Lightning's own writer passes over some errors, and a process that is killed in it can leave a part of a
    file in place of the checkpoint before.
    """

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: Any, storage_options: Any | None = None
    ) -> None:
        """Write a checkpoint to `path`."""
        atomic.write_with(Path(path), lambda temporary: torch.save(checkpoint, temporary))


class Continuation(Callback):
    """Keeps in each checkpoint the run and folder that it is of, the best epoch so far, the time, and the
    state of every random generator; the training of the same run goes on with them.

    The order of the next epoch's batches, dropout and augmentation are drawn from these states. From the
    checkpoint of another run or folder, nothing of this is taken.
    """

    def __init__(self, record: RunRecord, run_dir: Path, clock: TrainingClock) -> None:
        self.record = record
        self.clock = clock
        self.origin = _origin(record.id, run_dir)
        self._goes_on = False
        self._states: Mapping[str, Any] | None = None
        self._followed: Mapping[str, float] = {}

    def state_dict(self) -> dict[str, Any]:
        """What a training needs to go on, as plain data and tensors."""
        run, clock = self.record, self.clock
        return {
            "origin": self.origin,
            "random": random_states(),
            "best": {"metric": asdict(run.metric), "metrics": dict(run.metrics)},
            "epochs": run.epochs,
            "time": {"seconds": clock.seconds, "samples": clock.samples},
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where the checkpoint is of the same run and folder."""
        self._goes_on = state_dict["origin"] == self.origin
        if not self._goes_on:
            return
        self._states = state_dict["random"]
        run, clock, best = self.record, self.clock, state_dict["best"]
        run.metric, run.metrics = Metric(**best["metric"]), best["metrics"]
        run.epochs = state_dict["epochs"]
        clock.seconds, clock.samples = state_dict["time"]["seconds"], state_dict["time"]["samples"]

    def on_save_checkpoint(
        self, trainer: pl.Trainer, module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Keep the values that schedules follow: at the end of an epoch Lightning lets them step only after
        it has written the checkpoint.
        """
        known = trainer.callback_metrics
        names = [c.monitor for c in _following(trainer) if c.monitor in known]
        checkpoint[FOLLOWED] = {name: float(known[name]) for name in names}

    def on_load_checkpoint(
        self, trainer: pl.Trainer, module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        self._followed = checkpoint.get(FOLLOWED, {})

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Do what the end of the checkpoint's epoch left to do: the step of schedules that follow a metric,
        and no further epoch where early stopping had ended the training.
        """
        if not self._goes_on:
            return
        for schedule in _following(trainer):
            if schedule.monitor in self._followed:
                schedule.scheduler.step(self._followed[schedule.monitor])
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


def random_states() -> dict[str, Any]:
    """The states of Python's, NumPy's and torch's generators, as plain data and tensors."""
    kind, keys, position, has_gauss, gauss = np.random.get_state()  # noqa: NPY002
    cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
    return {
        "python": random.getstate(),
        "numpy": (kind, keys.tolist(), position, has_gauss, gauss),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if cuda else [],
    }


def set_random_states(states: Mapping[str, Any]) -> None:
    """Set what `random_states` gave."""
    random.setstate(states["python"])
    np.random.set_state(states["numpy"])  # noqa: NPY002
    torch.set_rng_state(states["torch"])
    if states["cuda"] and torch.cuda.device_count() == len(states["cuda"]):
        torch.cuda.set_rng_state_all(states["cuda"])


def newest_checkpoint(run_dir: Path, run: str) -> Path | None:
    """The checkpoint in `run_dir` from which the training of `run` can go on: the one of most steps.

    A damaged last checkpoint is passed over with a warning. None without a checkpoint of a whole epoch, or
    where the best one is damaged: a training that went on might not reach it again.
    """
    steps: dict[Path, int] = {}
    for name in (LAST, BEST):  # of equals, the last
        path = run_dir / "checkpoints" / name
        if path.exists():
            found = _steps(path, _origin(run, run_dir))
            if found is not None:
                steps[path] = found
            elif name == BEST:
                return None
    return max(steps, key=lambda path: steps[path], default=None)


def _origin(run: str, run_dir: Path) -> dict[str, str]:
    # Lightning's ModelCheckpoint forgets its best value in another folder.
    return {"run": run, "folder": str(run_dir.resolve())}


def _steps(path: Path, origin: Mapping[str, str]) -> int | None:
    """The steps of an intact checkpoint of this origin at the end of an epoch, else None."""
    try:
        content = torch.load(path, weights_only=True, map_location="cpu")
        progress = content["loops"]["fit_loop"]["epoch_progress"]["current"]
        if content["callbacks"][Continuation.__qualname__]["origin"] != origin:
            log.warning("%s is passed over: it was written by another run or elsewhere", path)
        elif progress["processed"] == content["epoch"] + 1:
            return content["global_step"]
    except Exception as error:  # torch raises many kinds for a damaged file
        log.warning("%s is passed over: it is damaged (%s)", path, type(error).__name__)
    return None


def clear(run_dir: Path) -> None:
    """Remove what an earlier try of a run has written there, and a training anew would mix with its own."""
    shutil.rmtree(run_dir / "checkpoints", ignore_errors=True)
    for path in run_dir.rglob(EVENTS):
        path.unlink(missing_ok=True)
