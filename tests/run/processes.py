"""A program for `test_supervised`: `processes.py N [BAD]` trains in N processes and prints what they say.

The learning rate is 0, so that the losses are those of the same weights however the batches are shared.
Batch number BAD holds NaN.
"""

import json
import os
import sys

import pytorch_lightning as pl
import torch
from torch import nn

from bakeoff.data.batches import Tensors, loader
from bakeoff.run.fit import quiet_lightning
from bakeoff.run.parts.divergence import DivergedError
from bakeoff.run.parts.supervised import Supervised
from bakeoff.tasks.words.loss import WordCrossEntropy
from bakeoff.tasks.words.metrics import WordMetrics

BATCH, BATCHES = 4, 4


def main(processes: int, bad: int | None) -> None:
    """Train for one epoch."""
    torch.manual_seed(0)
    net = nn.Linear(3, 5)
    x = torch.randn(BATCHES, BATCH, 3)
    x *= torch.tensor([1.0, 4.0, 7.0, 10.0])[:, None, None]  # no batch is like another
    if bad is not None:
        x[bad] = torch.nan
    x, target = x.flatten(0, 1), torch.arange(BATCHES * BATCH) % 5
    data = Tensors(x, target)
    module = Supervised(
        net=net,
        loss=WordCrossEntropy(label_smoothing=0.0, balance=0.0),
        metrics=WordMetrics(),
        optimizer=lambda parameters: torch.optim.SGD(parameters, lr=0.0),
        scheduler=None,
        augment=None,
        regularization=None,
        mean=None,
        std=None,
    )
    trainer = pl.Trainer(
        max_epochs=1, accelerator="cpu", devices=processes, logger=False, num_sanity_val_steps=0,
        strategy="ddp" if processes > 1 else "auto", enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False,
    )  # fmt: skip
    try:
        with quiet_lightning():
            trainer.fit(module, loader(data, BATCH), loader(data, BATCH))
    except DivergedError as error:
        os.write(1, f"process {trainer.global_rank}: {error}\n".encode())  # at once: both write
        return
    found = {name: float(value) for name, value in trainer.callback_metrics.items()}
    # Lightning gives every other batch to the first of two processes.
    own = torch.arange(len(x)).reshape(BATCHES, BATCH)[::2].flatten()
    with torch.no_grad():
        found["first half"] = float(module.loss(module(x[own]), target[own])["loss"])
    if trainer.is_global_zero:
        print(json.dumps(found))


if __name__ == "__main__":
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
