"""The best checkpoint is of the epoch that the record names."""

import pytest
import torch
from tests.run import in_memory
from torchmetrics import Metric

from bakeoff.store.record import Metric as Measured
from bakeoff.store.record import RunRecord


class Listed(Metric):
    """Computes one of `values` after the other."""

    full_state_update = False

    def __init__(self, values):
        super().__init__()
        self.values = [float(value) for value in values]

    def update(self, output, target):
        pass

    def compute(self):
        return {"listed": torch.tensor(self.values.pop(0))}


@pytest.mark.parametrize(
    ("direction", "values", "best"),
    [
        ("max", ["0.2", "inf", "0.5", "0.3"], 2),
        ("max", ["inf", "0.2", "0.1", "nan"], 1),
        ("min", ["0.2", "-inf", "0.1", "0.3"], 2),
        ("min", ["nan", "inf", "0.4", "0.4"], 2),
    ],
)
def test_an_epoch_whose_value_is_not_finite_is_not_the_best(tmp_path, direction, values, best):
    config = in_memory.config(
        "trainer.max_epochs=4", "task.metric.name=listed", f"task.metric.direction={direction}"
    )
    config.task.metrics = {"_target_": f"{__name__}.Listed", "values": values}
    record = RunRecord("r", "running", "e", "t", "c", [], 0, Measured("listed", direction))
    in_memory.fit(config, record, tmp_path, show_progress=False)
    assert record.error is None and record.metric.epoch == best
    kept = torch.load(tmp_path / "checkpoints" / "best.ckpt", weights_only=True)
    assert kept["epoch"] == best
