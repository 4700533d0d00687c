"""The time that a net takes to predict."""

import statistics
import time

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import Dataset

from bakeoff.run.supervised import Supervised

TIMED = 10  # batches
WARM_UP = 2  # batches before them


def seconds_per_prediction(
    module: pl.LightningModule, data: pl.LightningDataModule
) -> float | None:
    """Seconds per sample of the first batch of the validation split: the median of TIMED forward passes.

    The batch is on the module's device before the time starts. Leaves `module` in evaluation mode.
    None where a module of the user's own cannot be called with the inputs alone.
    """
    validation, times = data.splits["val"], []
    module.eval()
    if not _predicts_inputs(module, validation):
        return None
    inputs = validation[: data.batch_size][0].to(module.device)
    with torch.no_grad():
        for _ in range(WARM_UP + TIMED):
            start = time.perf_counter()
            output = module(inputs)
            if output.is_cuda:
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
    return statistics.median(times[WARM_UP:]) / len(inputs)


def _predicts_inputs(module: pl.LightningModule, validation: Dataset) -> bool:
    """Whether the module can be called with inputs alone, which a net always can."""
    if isinstance(module, Supervised) or not isinstance(module, pl.LightningModule):
        return True
    try:
        with torch.no_grad():
            return isinstance(module(validation[:1][0].to(module.device)), Tensor)
    except Exception:  # a user's module can raise anything
        return False
