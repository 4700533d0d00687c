"""The checkpoint to go on from, which runs that train together write every few seconds."""

import time

import pytorch_lightning as pl
from pytorch_lightning.callbacks import ModelCheckpoint

from bakeoff.run.hooks.continuation import LAST
from bakeoff.run.hooks.midway import Midway

SECONDS = 5.0


def write_seldom(trainer: pl.Trainer) -> None:
    """Let the checkpoint of the last epoch be written only SECONDS after the one before, at the end of the
    training, and where the run is asked to end: epochs of small nets take less time than that file.
    """
    checkpoints = [c for c in trainer.callbacks if isinstance(c, ModelCheckpoint)]
    last = next(c for c in checkpoints if f"{c.filename}{c.FILE_EXTENSION}" == LAST)
    midway = next(c for c in trainer.callbacks if isinstance(c, Midway))
    usual, written = last.on_train_epoch_end, time.monotonic()

    def write(trainer: pl.Trainer, module: pl.LightningModule) -> None:
        nonlocal written
        ends = trainer.should_stop or trainer.current_epoch + 1 == trainer.max_epochs
        if ends or midway.is_asked_to_end or time.monotonic() - written >= SECONDS:
            usual(trainer, module)
            written = time.monotonic()

    last.on_train_epoch_end = write
