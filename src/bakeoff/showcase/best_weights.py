"""The weights of the best epoch in a net whose training has ended."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytorch_lightning as pl
import torch


@contextmanager
def best_weights(trainer: pl.Trainer, module: pl.LightningModule) -> Iterator[None]:
    """Let `module` hold the best checkpoint of `trainer`, in evaluation mode and without gradients; it gets
    its own weights and mode back.
    """
    best = trainer.checkpoint_callback.best_model_path
    last = {name: part.clone() for name, part in module.state_dict().items()}
    training = module.training
    module.load_state_dict(torch.load(best, weights_only=True, map_location="cpu")["state_dict"])
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        module.load_state_dict(last)
        module.train(training)
