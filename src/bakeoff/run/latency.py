"""The time that a net takes to predict."""

import statistics
import time

import pytorch_lightning as pl
import torch

from bakeoff.run.supervised import Supervised

TIMED = 10  # batches
WARM_UP = 2  # batches before them


def seconds_per_prediction(module: Supervised, data: pl.LightningDataModule) -> float:
    """Seconds per sample of the first batch of the validation split: the median of TIMED forward passes.

    The batch is on the module's device before the time starts. Leaves `module` in evaluation mode.
    """
    validation, times = data.splits["val"], []
    inputs = validation[: data.batch_size][0].to(module.device)
    module.eval()
    with torch.no_grad():
        for _ in range(WARM_UP + TIMED):
            start = time.perf_counter()
            output = module(inputs)
            if output.is_cuda:
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
    return statistics.median(times[WARM_UP:]) / len(inputs)
