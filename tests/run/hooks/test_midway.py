"""A training that goes on from within an epoch ends as one that was not interrupted, bit for bit."""

import random
from functools import partial

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, EMAWeightAveraging, ModelCheckpoint
from pytorch_lightning.utilities.exceptions import SIGTERMException
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau
from torch.utils.data import DataLoader, IterableDataset

from bakeoff.data.batches import Tensors, loader
from bakeoff.metrics.classification import ClassificationMetrics
from bakeoff.run.hooks.continuation import (
    MIDWAY,
    AtomicCheckpoints,
    Continuation,
    newest_checkpoint,
)
from bakeoff.run.hooks.interruption import InterruptedRunError, Interruption
from bakeoff.run.hooks.midway import Midway
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.run.hooks.watch import Watch
from bakeoff.run.hooks.whole_epochs import WholeEpochs
from bakeoff.run.parts.optimization import Schedule
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.supervised import Supervised
from bakeoff.store.record import Metric, RunRecord
from bakeoff.tasks.classification.loss import CrossEntropy

EPOCHS, BATCHES = 4, 6
SCHEDULES = {
    "step": Schedule(partial(OneCycleLR, max_lr=0.05), True, "step", None, None),
    "metric": Schedule(
        partial(ReduceLROnPlateau, mode="max", patience=0), False, "epoch", None, "val/loss"
    ),
}


class Ask(pl.Callback):
    """Asks for the end after so many batches of the whole training, as a signal does."""

    def __init__(self, interruption, after):
        self.interruption, self.after = interruption, after

    def on_train_batch_end(self, trainer, *_):
        if trainer.fit_loop.epoch_loop.batch_progress.total.ready == self.after:
            trainer._signal_connector.received_sigterm = True  # as Lightning's handler does
            self.interruption.limit("limits.test", 0.0)


class Logged(pl.Callback):
    """Keeps what was logged at the end of each epoch."""

    def __init__(self):
        self.epochs = {}

    def on_train_epoch_start(self, trainer, module):
        self.keep(trainer)

    def on_train_end(self, trainer, module):
        self.keep(trainer)

    def keep(self, trainer):
        found = {k: float(v) for k, v in trainer.callback_metrics.items()}
        found.pop("watch/epoch_seconds", None)
        self.epochs[trainer.current_epoch] = found


class Carrying(nn.Module):
    """A net that carries a state from batch to batch."""

    def __init__(self):
        super().__init__()
        self.cell = nn.Linear(6, 6)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(6, 2)

    def read(self, x, state):
        state = torch.tanh(self.cell(x) + (0 if state is None else state))
        return self.head(self.drop(state)), state

    def forward(self, x):
        return self.read(x, None)[0]


def noisy(x, target):
    """Augmentation that draws from all three generators."""
    return x + torch.randn_like(x) + random.random() + np.random.rand(), target  # noqa: NPY002


def run_record():
    return RunRecord("run", "running", "t", "t", "mlp", [], 0, Metric("loss", "min"))


def train(
    folder,
    after=None,
    checkpoint=None,
    net=None,
    ema=False,
    schedule="step",
    minutes=None,
    batches=None,
    **given,
):
    """The module after a training, what it logged, and how it ended."""
    pl.seed_everything(0, verbose=False)
    x = torch.randn(8 * BATCHES, 6)
    data = Tensors(x, (x[:, 0] > 0).long())
    dropping = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2))
    module = Supervised(
        net=dropping if net is None else net(),
        loss=CrossEntropy(label_smoothing=0.0),
        metrics=ClassificationMetrics(),
        optimizer=lambda parameters: torch.optim.AdamW(parameters, lr=0.01),
        scheduler=SCHEDULES[schedule],
        augment=noisy,
        regularization=None,
        mean=None,
        std=None,
    )
    record = run_record()
    place, clock, interruption, logged = (
        folder / "checkpoints",
        TrainingClock(),
        Interruption(grace_s=1),
        Logged(),
    )
    continuation = Continuation(record, folder, clock)
    callbacks = [
        clock,
        WholeEpochs(),
        continuation,
        ModelCheckpoint(place, "best", monitor="val/loss", enable_version_counter=False),
        ModelCheckpoint(place, "last", enable_version_counter=False),
        Watch(clock),
        logged,
        EarlyStopping("val/loss", patience=EPOCHS),
        *([EMAWeightAveraging(decay=0.9)] if ema else []),
        *([Ask(interruption, after)] if after else []),
        Midway(continuation, place, clock, minutes, interruption),
    ]
    reason = None
    with quiet_lightning():
        trainer = pl.Trainer(
            max_epochs=EPOCHS, accelerator="cpu", logger=False, num_sanity_val_steps=0,
            enable_progress_bar=False, enable_model_summary=False, log_every_n_steps=4,
            callbacks=callbacks, **given,
        )  # fmt: skip
        trainer.strategy.checkpoint_io = AtomicCheckpoints()
        shuffled = loader(data, 8, shuffle=True)
        try:
            trainer.fit(
                module,
                shuffled if batches is None else batches,
                loader(data, 8),
                ckpt_path=checkpoint,
            )
        except (InterruptedRunError, SIGTERMException) as error:
            reason = interruption.reason if isinstance(error, SIGTERMException) else str(error)
    return module, logged.epochs, reason, trainer


def same(one, other):
    assert one.keys() == other.keys()
    return all(torch.equal(one[key], other[key]) for key in one)


CASES = {
    "first epoch": ([2], {}),
    "first batch": ([2 * BATCHES + 1], {}),
    "later epoch": ([BATCHES + 5], {"schedule": "metric"}),
    "twice in an epoch, then again": ([BATCHES + 2, BATCHES + 4, 3 * BATCHES + 3], {}),
    "after an epoch, then within the next": ([BATCHES, BATCHES + 2], {}),
    "a carried state": ([BATCHES + 3], {"net": Carrying}),
    "an average of the weights": ([BATCHES + 3], {"ema": True}),
    "gradients that are accumulated": ([BATCHES + 3], {"accumulate_grad_batches": 2}),
    "validation within epochs": ([BATCHES + 2], {"val_check_interval": 0.5}),
    "some of the batches": ([5], {"limit_train_batches": 4}),
}


@pytest.mark.parametrize("case", CASES)
def test_it_ends_as_if_nothing_had_happened(tmp_path, case):
    stops, given = CASES[case]
    whole, logged, _, _ = train(tmp_path / "whole", **given)
    broken, checkpoint = tmp_path / "broken", None
    for after in stops:
        _, _, reason, _ = train(broken, after, checkpoint, **given)
        assert reason == "limits.test=0"
        checkpoint = newest_checkpoint(broken, run_record())
    name = "last.ckpt" if stops == [BATCHES] else MIDWAY
    assert checkpoint.name == name
    continued, part, reason, trainer = train(broken, None, checkpoint, **given)
    assert reason is None and trainer.current_epoch == EPOCHS
    assert same(whole.state_dict(), continued.state_dict())
    assert part[EPOCHS] == logged[EPOCHS]
    first = min(part)  # after the epoch within which it went on: its means and norms
    assert part[first] == logged[first]
    for file in ("best.ckpt", "last.ckpt"):
        one, other = (
            torch.load(place / "checkpoints" / file, weights_only=True)
            for place in (tmp_path / "whole", broken)
        )
        assert same(one["state_dict"], other["state_dict"])
        assert one["global_step"] == other["global_step"]
    assert not (broken / "checkpoints" / MIDWAY).exists()


def test_a_checkpoint_is_written_every_so_many_minutes(tmp_path, monkeypatch):
    written = []
    save = Midway._save

    def noted(self, trainer):
        save(self, trainer)
        written.append(torch.load(self.path, weights_only=True)["global_step"])

    monkeypatch.setattr(Midway, "_save", noted)
    train(tmp_path, minutes=0.0)
    assert written == [step for step in range(1, EPOCHS * BATCHES) if step % BATCHES]
    written.clear()
    train(tmp_path, minutes=1e6)
    train(tmp_path, minutes=None)
    assert written == []


def test_the_end_of_an_epoch_is_waited_for_after_its_last_batch(tmp_path):
    _, _, reason, trainer = train(tmp_path, after=BATCHES)
    assert reason == "limits.test=0" and trainer.global_step == BATCHES
    assert newest_checkpoint(tmp_path, run_record()).name == "last.ckpt"


class Stream(IterableDataset):
    def __iter__(self):
        yield from (Tensors(torch.randn(8, 6), torch.ones(8).long())[:] for _ in range(BATCHES))


def test_data_without_a_length_are_left_at_once_without_a_checkpoint(tmp_path):
    batches = DataLoader(Stream(), batch_size=None)
    _, _, reason, trainer = train(tmp_path, BATCHES + 2, batches=batches, schedule="metric")
    assert reason == "limits.test=0" and trainer.global_step == BATCHES + 2
    assert newest_checkpoint(tmp_path, run_record()).name == "last.ckpt"
