"""LightningModules as users have them, for the pairs of `in_memory`."""

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig
from pytorch_lightning.callbacks import ModelCheckpoint
from tests.run import in_memory
from torch import nn
from torch.nn import functional as F


class Own(pl.LightningModule):
    """Logs its accuracy, and another one for test data where a subclass has a test_step."""

    called = "accuracy"

    def __init__(self, lr: float, input_shape=(2,)) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.layers = nn.Sequential(
            nn.Linear(*input_shape, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 2)
        )

    def forward(self, x):
        return self.layers(x)

    def training_step(self, batch, batch_idx):
        return F.cross_entropy(self(batch[0]), batch[1])

    def validation_step(self, batch, batch_idx):
        output = self(batch[0])
        self.log(f"val/{self.called}", (output.argmax(dim=1) == batch[1]).float().mean())
        self.log("val/cost", F.cross_entropy(output, batch[1]))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), self.hparams.lr)


class Other(Own):
    called = "acc"


class Tested(Own):
    def test_step(self, batch, batch_idx):
        self.log("test/accuracy", torch.tensor(0.25))


class TestedOtherwise(Own):
    def test_step(self, batch, batch_idx):
        self.log("test/acc", torch.tensor(0.25))


class ByHand(Own):
    automatic_optimization = False

    def training_step(self, batch, batch_idx):
        loss, optimizer = super().training_step(batch, batch_idx), self.optimizers()
        optimizer.zero_grad()
        self.manual_backward(loss)
        optimizer.step()


class Lacking(pl.LightningModule):
    def training_step(self, batch, batch_idx):
        return None


class Named(Own):
    def training_step(self, batch, batch_idx):
        return self(batch["image"]).sum()


class Holding(Own):
    def __init__(self, lr: float) -> None:
        super().__init__(lr)
        self.save_hyperparameters({"part": slice(3)})


class Diverging(Own):
    def training_step(self, batch, batch_idx):
        return super().training_step(batch, batch_idx) * float("nan")


class Keeping(Own):
    def configure_callbacks(self):
        return ModelCheckpoint()


def own_config(kind: str = "Own", *overrides: str) -> DictConfig:
    """The settings of a run of one of these, selected by accuracy."""
    made = in_memory.config("task.metric.name=accuracy", "task.metric.direction=max", *overrides)
    made.model = {"kind": "lightning", "_target_": f"{__name__}.{kind}"}
    if kind != "Lacking":
        made.model.lr = 0.05
    for section in ("loss", "optimizer"):
        made[section] = None
    del made.task["metrics"]
    return made
