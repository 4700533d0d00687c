"""Localization as a baseline sees it."""

from typing import Any

import numpy as np
import pytorch_lightning as pl
from torch import Tensor

from bakeoff.tasks.boxes import baselines


class Rows(baselines.Rows):
    """Pixels, and the one possible object."""

    def output(self, model: Any, features: np.ndarray, data: pl.LightningDataModule) -> Tensor:
        """(N, 5 + C), as of a net."""
        objects = self.objects(model, features)[:, 0]
        return baselines.object_output(objects, data.output_shape[-1] - 5)
