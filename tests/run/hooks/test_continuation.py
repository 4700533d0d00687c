"""A training that goes on from a checkpoint ends as one that was not interrupted, bit for bit."""

import random
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from torch import nn
from torch.optim.lr_scheduler import ExponentialLR, OneCycleLR, ReduceLROnPlateau

from bakeoff.data.batches import Tensors, loader
from bakeoff.errors import BakeoffError
from bakeoff.metrics.classification import ClassificationMetrics
from bakeoff.run.hooks.continuation import (
    AtomicCheckpoints,
    Continuation,
    begin_again,
    clear,
    newest_checkpoint,
)
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.run.parts.optimization import Schedule
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.supervised import Supervised
from bakeoff.store.record import Metric, RunRecord
from bakeoff.tasks.classification.loss import CrossEntropy

EPOCHS = 5
SCHEDULES = {
    "step": Schedule(partial(OneCycleLR, max_lr=0.05), True, "step", None, None),
    "epoch": Schedule(partial(ExponentialLR, gamma=0.5), False, "epoch", None, None),
    "metric": Schedule(
        partial(ReduceLROnPlateau, mode="max", patience=0), False, "epoch", None, "val/loss"
    ),
}


class StoppedError(Exception):
    """Stands for a signal."""


class Interrupt(pl.Callback):
    """Ends the training in the middle of an epoch."""

    def __init__(self, epoch):
        self.epoch = epoch

    def on_train_batch_end(self, trainer, *_):
        if trainer.current_epoch == self.epoch:
            raise StoppedError


def run_record():
    metric = Metric("loss", "min", 0.5, 0)
    return RunRecord("run", "running", "test", "classification", "mlp", [], 0, metric, epochs=1)


def noisy(x, target):
    """Augmentation that draws from all three generators."""
    return x + torch.randn_like(x) + random.random() + np.random.rand(), target  # noqa: NPY002


def train(folder, interrupt=None, checkpoint=None, patience=EPOCHS, epochs=EPOCHS, schedule="step"):
    """The module after a training with dropout, augmentation and a schedule, and its trainer."""
    pl.seed_everything(0, verbose=False)
    x = torch.randn(40, 6)
    data = Tensors(x, (x[:, 0] > 0).long())
    module = Supervised(
        net=nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2)),
        loss=CrossEntropy(label_smoothing=0.0),
        metrics=ClassificationMetrics(),
        optimizer=lambda parameters: torch.optim.AdamW(parameters, lr=0.01),
        scheduler=SCHEDULES[schedule],
        augment=noisy,
        regularization=None,
        mean=None,
        std=None,
    )
    place, clock = folder / "checkpoints", TrainingClock()
    callbacks = [
        clock,
        Continuation(run_record(), folder, clock),
        ModelCheckpoint(place, "best", monitor="val/loss", enable_version_counter=False),
        ModelCheckpoint(place, "last", enable_version_counter=False),
        EarlyStopping("val/loss", patience=patience, min_delta=0.0 if patience == EPOCHS else 9.0),
    ]
    with quiet_lightning():
        trainer = pl.Trainer(
            max_epochs=epochs, accelerator="cpu", logger=False, num_sanity_val_steps=0,
            enable_progress_bar=False, enable_model_summary=False,
            callbacks=callbacks + ([Interrupt(interrupt)] if interrupt is not None else []),
        )  # fmt: skip
        trainer.strategy.checkpoint_io = AtomicCheckpoints()
        try:
            trainer.fit(
                module, loader(data, 8, shuffle=True), loader(data, 8), ckpt_path=checkpoint
            )
        except StoppedError:
            assert interrupt is not None
    return module, trainer


def states(folder):
    return {
        name: torch.load(folder / "checkpoints" / name, weights_only=True)
        for name in ("best.ckpt", "last.ckpt")
    }


@pytest.mark.parametrize(
    ("epoch", "schedule"), [(1, "step"), (3, "step"), (2, "epoch"), (3, "metric")]
)
def test_it_ends_as_if_nothing_had_happened(tmp_path, epoch, schedule):
    train(tmp_path / "whole", schedule=schedule)
    broken = tmp_path / "broken"
    train(broken, interrupt=epoch, schedule=schedule)
    checkpoint = newest_checkpoint(broken, run_record())
    assert checkpoint.name == "last.ckpt"
    assert torch.load(checkpoint, weights_only=True)["epoch"] == epoch - 1
    train(broken, checkpoint=checkpoint, schedule=schedule)
    whole, continued = states(tmp_path / "whole"), states(broken)
    for name, state in whole.items():
        assert state["epoch"] == continued[name]["epoch"]
        for key, weights in state["state_dict"].items():
            assert torch.equal(weights, continued[name]["state_dict"][key])
        for old, new in zip(
            state["callbacks"].values(), continued[name]["callbacks"].values(), strict=True
        ):
            assert old.get("best_model_score") == new.get("best_model_score")
            assert old.get("best_score") == new.get("best_score")


def test_a_training_that_was_whole_is_not_trained_on(tmp_path):
    module, _ = train(tmp_path)
    again, trainer = train(tmp_path, checkpoint=newest_checkpoint(tmp_path, run_record()))
    assert trainer.current_epoch == EPOCHS
    for key, weights in module.state_dict().items():
        assert torch.equal(weights, again.state_dict()[key])


def test_a_training_that_early_stopping_had_ended_is_not_trained_on(tmp_path):
    _, trainer = train(tmp_path, patience=2)
    assert trainer.current_epoch == 3 < EPOCHS
    _, again = train(tmp_path, patience=2, checkpoint=newest_checkpoint(tmp_path, run_record()))
    assert again.current_epoch == 3
    assert again.global_step == trainer.global_step


def test_a_truncated_last_checkpoint_is_passed_over_with_a_warning(tmp_path, caplog):
    train(tmp_path, epochs=2)
    last = tmp_path / "checkpoints" / "last.ckpt"
    last.write_bytes(last.read_bytes()[:-100])
    assert newest_checkpoint(tmp_path, run_record()).name == "best.ckpt"
    assert "last.ckpt is passed over: it is damaged" in caplog.text


def test_without_an_intact_best_checkpoint_a_run_starts_anew(tmp_path):
    train(tmp_path, epochs=2)
    (tmp_path / "checkpoints" / "best.ckpt").write_bytes(b"")
    assert newest_checkpoint(tmp_path, run_record()) is None


def test_a_checkpoint_of_another_run_or_folder_is_passed_over(tmp_path, caplog):
    train(tmp_path / "a", epochs=1)
    assert newest_checkpoint(tmp_path / "a", run_record()) is not None
    assert newest_checkpoint(tmp_path / "a", replace(run_record(), id="other")) is None
    (tmp_path / "a").rename(tmp_path / "b")
    assert newest_checkpoint(tmp_path / "b", run_record()) is None
    assert "written with another folder" in caplog.text
    assert newest_checkpoint(tmp_path / "nowhere", run_record()) is None


@pytest.mark.parametrize("what", ["code", "data"])
def test_nothing_is_left_of_a_try_with_other_code_or_data(tmp_path, caplog, what):
    train(tmp_path, epochs=1)
    now = replace(run_record(), **{"data": {"data_fingerprint": "b"}, "code": {"code": "b"}}[what])
    assert begin_again(tmp_path, now) is None
    assert f"last.ckpt is passed over: it was written with another {what}" in caplog.text
    assert not (tmp_path / "checkpoints").exists()


@pytest.mark.parametrize("same", [True, False])
def test_best_epoch_and_time_are_those_of_the_same_run(tmp_path, same):
    before, clock = run_record(), TrainingClock()
    before.seconds_to_best = 2.5
    clock.seconds, clock.samples = 3.0, 40
    state = Continuation(before, tmp_path, clock).state_dict()
    after, clock = run_record(), TrainingClock()
    after.metric, after.epochs = Metric("loss", "min"), 0
    place = tmp_path if same else tmp_path / "elsewhere"
    Continuation(after, place, clock).load_state_dict(state)
    assert (after.metric, after.epochs) == ((before.metric, 1) if same else (after.metric, 0))
    assert after.metric.value == (0.5 if same else None)
    assert after.seconds_to_best == (2.5 if same else None)
    assert (clock.seconds, clock.samples) == ((3.0, 40) if same else (0.0, 0))


def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before(tmp_path):
    path = tmp_path / "last.ckpt"
    io = AtomicCheckpoints()
    io.save_checkpoint({"epoch": 1}, path)
    with pytest.raises(Exception, match="pickle"):
        io.save_checkpoint({"epoch": lambda: 2}, path)
    assert torch.load(path, weights_only=True) == {"epoch": 1}
    (tmp_path / "file").write_text("")
    with pytest.raises(BakeoffError, match="cannot write"):
        io.save_checkpoint({}, tmp_path / "file" / "last.ckpt")


def test_a_new_start_finds_nothing_of_the_try_before(tmp_path):
    train(tmp_path, epochs=1)
    (tmp_path / "events.out.tfevents.1.host.2.0").write_bytes(b"")
    (tmp_path / "progress.json").write_text("{}")
    (tmp_path / "output.log").write_text("what was said")
    clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["output.log"]


def test_of_an_epoch_that_is_the_best_both_checkpoints_are_the_same(tmp_path):
    train(tmp_path, epochs=1)
    best, last = (tmp_path / "checkpoints" / name for name in ("best.ckpt", "last.ckpt"))
    assert best.read_bytes() == last.read_bytes()
    assert not best.samefile(last)
    writer = AtomicCheckpoints()
    writer.save_checkpoint({"epoch": 1, "global_step": 5}, best)
    writer.save_checkpoint({"epoch": 2, "global_step": 10}, last)  # no new best
    assert torch.load(last)["epoch"] == 2
