"""The checkpoint to go on from is written now and then, and at the end."""

import pytest
from pytorch_lightning.callbacks import ModelCheckpoint
from tests.fused.runs import checkpoint, together

from bakeoff.fused import last_checkpoint

MLP = [
    *("task=classification", "data=classification/digits", "trainer.max_epochs=4"),
    *("model=mlp/standard", "model.hidden=[8]"),
]


@pytest.fixture
def written(monkeypatch):
    """The epochs after which last.ckpt is written."""
    epochs = []
    usual = ModelCheckpoint.on_train_epoch_end

    def note(self, trainer, module):
        usual(self, trainer, module)
        if self.filename == "last":
            epochs.append(trainer.current_epoch)

    monkeypatch.setattr(ModelCheckpoint, "on_train_epoch_end", note)
    return epochs


def test_epochs_shorter_than_its_seconds_are_passed_over_but_the_last(
    tmp_path, written, monkeypatch
):
    monkeypatch.setattr(last_checkpoint, "SECONDS", 1e9)  # however busy the machine is
    [trained] = together(tmp_path, [MLP])
    assert written == [3]
    assert checkpoint(trained, "last.ckpt")["epoch"] == 3


def test_it_is_written_when_its_seconds_are_over(tmp_path, written, monkeypatch):
    monkeypatch.setattr(last_checkpoint, "SECONDS", 0.0)
    together(tmp_path, [MLP])
    assert written == [0, 1, 2, 3]


def test_where_training_stops_early_that_is_the_last(tmp_path, written, monkeypatch):
    monkeypatch.setattr(last_checkpoint, "SECONDS", 1e9)
    stuck = [*MLP, "patience=1", "optimizer.lr=0", "scheduler=constant"]
    [trained] = together(tmp_path, [stuck])
    assert trained.record.epochs == 2
    assert written == [1]
