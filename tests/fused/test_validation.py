"""The validation of runs that train together."""

import torch
from pytorch_lightning.callbacks import Callback
from tests.fused.runs import alone, together
from torch import nn

MLP = [
    *("task=classification", "data=classification/digits", "trainer.max_epochs=2"),
    *("model=mlp/standard", "model.hidden=[8]"),
]


class Counts(Callback):
    """Counts the validation batches that it is told of."""

    found: dict[int, int] = {}  # noqa: RUF012

    def on_validation_batch_end(self, trainer, module, outputs, batch, *_):
        assert len(batch[0]) == len(batch[1])
        self.found[id(trainer)] = self.found.get(id(trainer), 0) + 1


def test_a_callback_that_looks_at_validation_batches_sees_them(tmp_path):
    own = "+trainer.callbacks=[{_target_: tests.fused.test_validation.Counts}]"
    lines = [[*MLP, own, f"seed={seed}"] for seed in (0, 1)]
    Counts.found.clear()
    first = alone(tmp_path / "alone", lines)
    [count] = set(Counts.found.values())
    Counts.found.clear()
    second = together(tmp_path / "together", lines)
    assert list(Counts.found.values()) == [count, count]
    assert [run.record.status for run in (*first, *second)] == ["completed"] * 4


class InDefaultType(nn.CrossEntropyLoss):
    """Multiplies by a matrix of the type that is torch's default."""

    def forward(self, output, target):
        return super().forward(output @ torch.eye(output.shape[-1]), target)


def test_a_loss_finds_the_precision_of_the_trainer(tmp_path):
    own = "loss={_target_: tests.fused.test_validation.InDefaultType}"
    lines = [[*MLP, own, "trainer.precision=64-true", "trainer.max_epochs=1"]]
    for run in (*alone(tmp_path / "alone", lines), *together(tmp_path / "together", lines)):
        assert run.record.status == "completed", run.record.error
