"""A perfect baseline of detection has perfect metrics."""

import pytest
import torch

from bakeoff.data.batches import Tensors
from bakeoff.tasks.detection.baselines import Rows
from bakeoff.tasks.detection.metrics import AveragePrecision, CellMetrics

TARGETS = torch.tensor([
    [[1, 0.25, 0.25, 0.3, 0.3, 1], [1, 0.8, 0.75, 0.2, 0.4, 0]],
    [[1, 0.5, 0.4, 0.2, 0.3, 0], [0, 0, 0, 0, 0, 0]],
])  # fmt: skip


class Data:
    output_shape = (2, 3, 7)
    splits = {"val": Tensors(torch.zeros(2, 1, 2, 2, dtype=torch.uint8), TARGETS)}  # noqa: RUF012


class Oracle:
    def predict(self, features):
        return Rows().labels(TARGETS)


def test_the_truth_scores_one():
    features, targets = Rows().examples(Data(), "val")
    output = Rows().output(Oracle(), features, Data())
    assert output.shape == (2, 2, 3, 7)
    precision, cells = AveragePrecision(threshold=0.01, overlap=0.5), CellMetrics()
    for metric in (precision, cells):
        metric.update(output, targets)
    assert float(precision.compute()["map"]) == pytest.approx(1)
    assert all(abs(float(value) - 1) < 1e-6 for value in cells.compute().values())
