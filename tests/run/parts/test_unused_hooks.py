"""Hooks that do nothing are not called, and those that do something are."""

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback, LambdaCallback, ModelCheckpoint

from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.unused_hooks import TRAINING, VALIDATION, leave_out_unused_hooks


class Counts(Callback):
    def __init__(self):
        self.seen = []

    def on_train_batch_end(self, *_):
        self.seen.append("trained")

    def on_validation_batch_start(self, *_):
        self.seen.append("validated")


class Module(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Linear(1, 1)
        self.seen = []

    def training_step(self, batch):
        return self.net(batch).sum()

    def validation_step(self, batch):
        return None

    def on_after_backward(self):
        self.seen.append("after")

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)


def left(part) -> set[str]:
    return {name for name in (*TRAINING, *VALIDATION) if getattr(part, name) is not None}


def test_only_what_a_class_or_an_object_defines_is_left():
    own = Counts()
    leave_out_unused_hooks(own)
    assert left(own) == {"on_train_batch_end", "on_validation_batch_start"}
    by_attribute = LambdaCallback(on_before_backward=print)
    leave_out_unused_hooks(by_attribute)
    assert left(by_attribute) == {"on_before_backward"}
    module = Module()
    leave_out_unused_hooks(module)
    assert left(module) == {"on_after_backward", *VALIDATION}


def test_a_hook_that_is_named_goes_too():
    best = ModelCheckpoint()
    leave_out_unused_hooks(best)
    assert left(best) == {"on_train_batch_end"}
    leave_out_unused_hooks(best, "on_train_batch_end")
    assert left(best) == set()


def test_lightning_trains_and_calls_what_is_left():
    module, own = Module(), Counts()
    for part in (module, own):
        leave_out_unused_hooks(part)
    trainer = pl.Trainer(
        max_epochs=1, accelerator="cpu", callbacks=[own], logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0,
    )  # fmt: skip
    batches = torch.utils.data.DataLoader(torch.ones(3, 1), num_workers=0)
    with quiet_lightning():
        trainer.fit(module, batches, batches)
    assert own.seen == ["trained"] * 3 + ["validated"] * 3
    assert module.seen == ["after"] * 3
