"""The time that a net takes to predict."""

import time
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import Dataset

from bakeoff.run.parts.supervised import Supervised

WARM_UP = 2  # forward passes before those that are timed
LEAST, MOST = 10, 50  # forward passes that are timed
ENOUGH_S = 1.0  # after which no more than LEAST are


def latency(module: pl.LightningModule, data: pl.LightningDataModule) -> dict[str, Any]:
    """How long forward passes take for one validation sample and for a batch of the data's size.

    `single` and `batch` hold the number of `samples`, and the `median` and `p95` (95th percentile) of the
    seconds of a pass; `threads` are those of the processor, `device` is where the net is. The samples are
    on that device before the time starts. Leaves `module` in evaluation mode. Empty where a module of the
    user's own cannot be called with the inputs alone.
    """
    validation = data.splits["val"]
    module.eval()
    if not _predicts_inputs(module, validation):
        return {}
    return {
        "device": str(module.device),
        "threads": torch.get_num_threads(),
        "single": _timed(module, validation[:1][0]),
        "batch": _timed(module, validation[: data.batch_size][0]),
    }


def seconds_per_prediction(measured: dict[str, Any]) -> float | None:
    """Seconds per sample of a batch: the median of `latency`; None where that is empty."""
    return measured["batch"]["median"] / measured["batch"]["samples"] if measured else None


def _timed(module: pl.LightningModule, inputs: Tensor) -> dict[str, Any]:
    inputs, times = inputs.to(module.device), []
    with torch.no_grad():
        for _ in range(WARM_UP + MOST):
            start = time.perf_counter()
            output = module(inputs)
            if output.is_cuda:
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
            timed = times[WARM_UP:]
            if len(timed) >= LEAST and sum(timed) > ENOUGH_S:
                break
    return {
        "samples": len(inputs),
        "median": float(np.median(timed)),
        "p95": float(np.percentile(timed, 95)),
    }


def _predicts_inputs(module: pl.LightningModule, validation: Dataset) -> bool:
    """Whether the module can be called with inputs alone, which a net always can."""
    if isinstance(module, Supervised) or not isinstance(module, pl.LightningModule):
        return True
    try:
        with torch.no_grad():
            return isinstance(module(validation[:1][0].to(module.device)), Tensor)
    except Exception:  # a user's module can raise anything
        return False
