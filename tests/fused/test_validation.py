"""The validation of runs that train together."""

from pytorch_lightning.callbacks import Callback
from tests.fused.runs import alone, together

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
