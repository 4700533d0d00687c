"""What a training says of itself while it trains."""

import pytest
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from tests.moved_clock import Time, TimedModule

from bakeoff.data.batches import Tensors, loader
from bakeoff.run.hooks import heartbeat
from bakeoff.run.hooks.heartbeat import Heartbeat
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.store.run_progress import RunProgress

BATCHES, EPOCHS, BATCH_S = 4, 2, 3.0


class Read(Callback):
    def __init__(self, folder) -> None:
        self.folder, self.found, self.validating = folder, [], []

    def on_train_batch_end(self, *_):
        self.found.append(RunProgress.read(self.folder))

    def on_validation_batch_end(self, *_):
        self.validating.append(RunProgress.read(self.folder))


@pytest.fixture
def time(monkeypatch) -> Time:
    made = Time()
    monkeypatch.setattr(heartbeat, "time", made)
    return made


def train(folder, time, *callbacks, **arguments) -> Read:
    clock, read = TrainingClock(), Read(folder)
    data = loader(Tensors(torch.ones(8, 1), torch.ones(8, 1)), 2)
    with quiet_lightning():
        trainer = pl.Trainer(
            **{"max_epochs": EPOCHS, **arguments},
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[clock, Heartbeat(folder, clock), read, *callbacks],
        )
        trainer.fit(TimedModule(time, BATCH_S, BATCH_S), data, data)
    return read


def test_it_tells_epochs_rate_and_what_is_left(tmp_path, time):
    RunProgress(9.0, None, None).write(tmp_path)  # of a process that was killed
    read = train(tmp_path, time)
    first, second, *_, last = read.found
    assert first == RunProgress(0.25, None, None)
    # two samples in three seconds; seven quarters of an epoch take three seconds each, as far as is known
    assert second == RunProgress(0.5, 2 / BATCH_S, 6 * BATCH_S)
    assert last.epochs == EPOCHS and last.seconds_left == 0
    assert [far.epochs for far in read.validating if far] == [1.0] * BATCHES + [2.0] * BATCHES
    assert not list(tmp_path.iterdir())


def test_it_writes_seldom(tmp_path, time, monkeypatch):
    monkeypatch.setattr(heartbeat, "EVERY_S", 2.5 * BATCH_S)
    read = train(tmp_path, time, max_epochs=1)
    assert [far.epochs for far in read.found] == [0.25, 0.25, 0.25, 1.0]


def test_steps_may_end_a_training_before_its_epochs(tmp_path, time):
    read = train(tmp_path, time, max_steps=3)
    assert [far.seconds_left for far in read.found] == [None] * 3


def test_nothing_stays_of_a_training_that_failed(tmp_path, time):
    class Fail(Callback):
        def on_validation_end(self, trainer, module):
            if not trainer.sanity_checking:
                assert RunProgress.read(tmp_path)
                raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        train(tmp_path, time, Fail())
    assert not list(tmp_path.iterdir())
