"""Detection as a baseline sees it."""

from typing import Any

import numpy as np
import pytorch_lightning as pl
from torch import Tensor

from bakeoff.tasks.boxes import baselines
from bakeoff.tasks.detection.grid import to_grid


class Rows(baselines.Rows):
    """Pixels, and the list of objects."""

    def output(self, model: Any, features: np.ndarray, data: pl.LightningDataModule) -> Tensor:
        """(N, rows, columns, 5 + C), as of a net: each object in the cell that holds its centre."""
        rows, columns, numbers = data.output_shape
        grid = to_grid(self.objects(model, features), rows, columns)
        return baselines.object_output(grid, numbers - 5)
