"""Clocks that a test moves."""

import pytorch_lightning as pl
import torch
from torch import nn


class Time:
    """In the place of the module `time`."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


class TimedModule(pl.LightningModule):
    """Each batch of training, and of validation, moves the clock by so many seconds."""

    def __init__(self, time: Time, training: float, validation: float) -> None:
        super().__init__()
        self.net, self.time = nn.Linear(1, 1), time
        self.training_s, self.validation_s = training, validation

    def training_step(self, batch, batch_idx):
        self.time.now += self.training_s
        return self.net(batch[0]).mean()

    def validation_step(self, batch, batch_idx):
        self.time.now += self.validation_s

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)
