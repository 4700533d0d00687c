"""What counts as training time, by a clock that the parts of a training move themselves."""

import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback, ModelCheckpoint
from tests.moved_clock import Time, TimedModule

from bakeoff.data.batches import Tensors, loader
from bakeoff.run.hooks import training_clock
from bakeoff.run.hooks.training_clock import EPOCH_HOOKS, TrainingClock, samples_in
from bakeoff.run.parts.quiet_lightning import quiet_lightning

BATCH_S, VALIDATION_S, SHOW_S, SAVE_S, OWN_S = 1.0, 10.0, 1e3, 1e4, 1e5


@pytest.fixture
def time(monkeypatch) -> Time:
    made = Time()
    monkeypatch.setattr(training_clock, "time", made)
    return made


class Show(Callback):
    def __init__(self, time: Time) -> None:
        self.time = time

    def on_validation_epoch_end(self, trainer, module):
        self.time.now += SHOW_S

    def on_train_epoch_end(self, trainer, module):
        self.time.now += SHOW_S

    def on_fit_start(self, trainer, module):
        self.time.now += OWN_S  # before the training

    def on_train_end(self, trainer, module):
        self.time.now += OWN_S  # after it


class Saves(ModelCheckpoint):
    time: Time

    def _save_checkpoint(self, trainer, path):
        self.time.now += SAVE_S


def trained(time: Time, callbacks: list[Callback], epochs: int = 2, rows: int = 10) -> None:
    data = Tensors(torch.ones(rows, 1), torch.ones(rows))
    with quiet_lightning():
        trainer = pl.Trainer(
            max_epochs=epochs, accelerator="cpu", logger=False, callbacks=callbacks,
            enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
            num_sanity_val_steps=0,
        )  # fmt: skip
        trainer.fit(
            TimedModule(time, BATCH_S, VALIDATION_S), loader(data, 4, shuffle=True), loader(data, 5)
        )


def test_training_and_validation_count_and_nothing_else(time, tmp_path):
    clock = TrainingClock()
    saves = Saves(tmp_path, every_n_epochs=1)
    saves.time = time
    data = Tensors(torch.ones(10, 1), torch.ones(10))
    with quiet_lightning():
        trainer = pl.Trainer(
            max_epochs=2, accelerator="cpu", logger=False, enable_progress_bar=False,
            callbacks=[clock, clock.leave_out(Show(time)), clock.leave_out(saves)],
            enable_model_summary=False, num_sanity_val_steps=0,
        )  # fmt: skip
        trainer.fit(
            TimedModule(time, BATCH_S, VALIDATION_S), loader(data, 4, shuffle=True), loader(data, 5)
        )
    # Two epochs of 3 batches for training and 2 for validation.
    assert clock.seconds == 2 * (3 * BATCH_S + 2 * VALIDATION_S)
    assert clock.samples == 20
    assert clock.samples_per_second == 20 / clock.seconds
    assert time.now > 4 * SHOW_S + 2 * SAVE_S + 2 * OWN_S  # all of it took place


def test_a_callback_that_is_not_left_out_counts(time):
    clock = TrainingClock()
    trained(time, [clock, Show(time)], epochs=1)
    assert clock.seconds == 3 * BATCH_S + 2 * VALIDATION_S + 2 * SHOW_S


def test_the_seconds_so_far_can_be_read_while_the_clock_stands_still(time):
    clock, seen = TrainingClock(), []

    class Reads(Callback):
        def on_validation_end(self, trainer, module):
            time.now += SHOW_S
            seen.append((clock.seconds, clock.samples))

    trained(time, [clock, clock.leave_out(Reads())])
    epoch = 3 * BATCH_S + 2 * VALIDATION_S
    assert seen == [(epoch, 10), (2 * epoch, 20)]


def test_a_hook_left_out_within_another_one_starts_nothing(time):
    clock = TrainingClock()
    inner = clock.leave_out(Show(time))

    class Outer(Callback):
        def on_validation_end(self, trainer, module):
            inner.on_validation_epoch_end(trainer, module)
            time.now += SHOW_S

    trained(time, [clock, clock.leave_out(Outer())], epochs=1)
    assert clock.seconds == 3 * BATCH_S + 2 * VALIDATION_S


def test_hooks_that_a_callback_does_not_have_stay_as_they_are(time):
    callback = TrainingClock().leave_out(Show(time))
    assert {name for name in vars(callback) if name.startswith("on_")} == {
        "on_validation_epoch_end", "on_train_epoch_end",
    }  # fmt: skip
    assert all(hasattr(Callback, name) for name in EPOCH_HOOKS)


def test_nothing_trained_has_no_rate():
    assert TrainingClock().samples_per_second is None


def test_a_pause_within_a_batch_is_not_counted(time):
    clock = TrainingClock()

    class Saves(Callback):
        def on_train_batch_end(self, *_):
            with clock.paused():
                time.now += SAVE_S

    trained(time, [clock, Saves()], epochs=1)
    assert clock.seconds == 3 * BATCH_S + 2 * VALIDATION_S


@pytest.mark.parametrize(
    ("batch", "count"),
    [
        ((torch.zeros(3, 2), torch.zeros(3)), 3),
        ([{"a": torch.zeros(4, 2)}, torch.zeros(5)], 5),
        ({"a": torch.zeros(4, 2), "b": torch.zeros(4)}, 4),
        (torch.zeros(6, 1), 6),
        (["x", "y"], 0),
        ((torch.zeros(7, 1), torch.zeros(7), ["x"] * 7), 7),
    ],
)
def test_samples_are_counted_in_any_batch(batch, count):
    assert samples_in(batch) == count
