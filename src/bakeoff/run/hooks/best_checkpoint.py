"""The checkpoint of the epoch whose value a run's record holds."""

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import ModelCheckpoint
from torch import Tensor


class BestCheckpoint(ModelCheckpoint):
    """Passes over epochs whose value is infinite or NaN, as the record does. Lightning's own takes an
    infinite value for the best of all.
    """

    def check_monitor_top_k(self, trainer: pl.Trainer, current: Tensor | None = None) -> bool:
        is_finite = current is not None and bool(torch.isfinite(current))
        return is_finite and super().check_monitor_top_k(trainer, current)
