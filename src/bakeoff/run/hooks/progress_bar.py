"""The progress bar of a single run on a terminal."""

from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import RichProgressBar


class RunProgressBar(RichProgressBar):
    """Lightning's, without the last four letters of the logger's version, which is the run's name here."""

    def get_metrics(self, trainer: pl.Trainer, module: pl.LightningModule) -> dict[str, Any]:
        """The numbers beside the bar."""
        shown = super().get_metrics(trainer, module)
        shown.pop("v_num", None)
        return shown
