"""What a net predicts for every sample of a split."""

from collections.abc import Iterable, Iterator

import pytorch_lightning as pl
import torch
from torch import Tensor

from bakeoff.data.batches import Batches
from bakeoff.run.parts.supervised import Supervised


def outputs(
    module: Supervised, batches: Iterable[tuple[Tensor, Tensor]]
) -> Iterator[tuple[Tensor, Tensor]]:
    """The output for each batch of (inputs, targets), and its targets, both on the module's device.

    A net that carries a state reads the first batch anew and every other one after the one before it.
    """
    state = None
    for inputs, targets in batches:
        output, state = module.read(inputs.to(module.device), state)
        yield output, targets.to(module.device)


def predictions(
    module: Supervised, data: pl.LightningDataModule, split: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs, outputs and targets of `split`, which is set up, on the CPU and in the order of the split."""
    dataset = data.splits[split]
    batches = Batches(len(dataset), data.batch_size, shuffle=False)
    with torch.no_grad():
        found = [output.cpu() for output, _ in outputs(module, (dataset[i] for i in batches))]
    inputs, targets = dataset[:]
    return inputs, torch.cat(found), targets
