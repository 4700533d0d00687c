"""The outputs of a net for every sample of a split."""

import pytorch_lightning as pl
import torch
from torch import Tensor

from bakeoff.data.batches import Batches
from bakeoff.run.supervised import Supervised


def predictions(
    module: Supervised, data: pl.LightningDataModule, split: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs, outputs and targets of `split`, which is set up, on the CPU and in the order of the split."""
    dataset = data.splits[split]
    with torch.no_grad():
        outputs = [
            module(dataset[index][0].to(module.device)).cpu()
            for index in Batches(len(dataset), data.batch_size, shuffle=False)
        ]
    inputs, targets = dataset[:]
    return inputs, torch.cat(outputs), targets
