"""Epochs that end early by accident are refused, and those that end early on purpose are not."""

import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback, EarlyStopping
from torch import nn

from bakeoff.data.batches import Tensors, loader
from bakeoff.errors import BakeoffError
from bakeoff.run.hooks.whole_epochs import WholeEpochs
from bakeoff.run.parts.quiet_lightning import quiet_lightning


class Module(pl.LightningModule):
    """Raises StopIteration in the batch `stop`, a pair of "train" or "val" and the batch's number."""

    def __init__(self, stop: tuple[str, int] | None) -> None:
        super().__init__()
        self.net, self.stop = nn.Linear(1, 1), stop

    def training_step(self, batch, batch_idx):
        self._maybe_stop("train", batch_idx)
        return self.net(batch[0]).mean()

    def validation_step(self, batch, batch_idx):
        self._maybe_stop("val", batch_idx)
        self.log("constant", 1.0)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)

    def _maybe_stop(self, *now):
        if now == self.stop:
            raise StopIteration


class Stops(Callback):
    def on_train_epoch_end(self, trainer, module):
        raise StopIteration


def trained(*callbacks, stop=None, **settings) -> pl.Trainer:
    data = Tensors(torch.ones(10, 1), torch.ones(10))
    with quiet_lightning():
        trainer = pl.Trainer(
            **{"max_epochs": 3, **settings}, accelerator="cpu", logger=False,
            callbacks=[WholeEpochs(), *callbacks], enable_checkpointing=False,
            enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0,
        )  # fmt: skip
        trainer.fit(Module(stop), loader(data, 4, shuffle=True), loader(data, 5))
    return trainer


@pytest.mark.parametrize(
    ("stop", "text"),
    [
        (("train", 0), "training of epoch 0 ended after 0 of 3 batches"),
        (("train", 2), "training of epoch 0 ended after 2 of 3 batches"),
        (("val", 0), "validation of epoch 0 ended after 0 of 2 batches"),
        (("val", 1), "validation of epoch 0 ended after 1 of 2 batches"),
    ],
)
def test_stop_iteration_from_a_net_does_not_shorten_an_epoch(stop, text):
    with pytest.raises(BakeoffError, match=f"{text}: .*StopIteration"):
        trained(stop=stop)


def test_stop_iteration_from_a_callback_does_not_shorten_the_training():
    with pytest.raises(BakeoffError, match=r"training ended in epoch 0 of 3: .*StopIteration"):
        trained(Stops())


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"max_steps": 4},  # ends in the second epoch
        {"limit_train_batches": 2, "limit_val_batches": 1},
        {"max_epochs": -1, "max_steps": 5},
        {"accumulate_grad_batches": 2},
        {"check_val_every_n_epoch": 2},
    ],
    ids=str,
)
def test_limits_of_the_trainer_are_no_accident(settings):
    trained(**settings)


def test_early_stopping_is_no_accident():
    trainer = trained(EarlyStopping("constant", patience=1), max_epochs=9)
    assert trainer.current_epoch == 2


def test_an_epoch_of_unknown_length_is_as_long_as_it_is():
    class Endless(torch.utils.data.IterableDataset):
        def __iter__(self):
            return iter([(torch.ones(2, 1), torch.ones(2))] * 3)

    with quiet_lightning():
        trainer = pl.Trainer(
            max_epochs=2, accelerator="cpu", logger=False, callbacks=[WholeEpochs()],
            enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
            num_sanity_val_steps=0,
        )  # fmt: skip
        of_batches = torch.utils.data.DataLoader(Endless(), batch_size=None)
        trainer.fit(Module(None), of_batches, of_batches)
    assert trainer.global_step == 6
