"""A perfect baseline of localization has perfect metrics."""

import torch

from bakeoff.data.batches import Tensors
from bakeoff.tasks.boxes.metrics import ObjectMetrics
from bakeoff.tasks.localization.baselines import Rows

TARGETS = torch.tensor([[1, 0.5, 0.4, 0.2, 0.3, 9], [0, 0, 0, 0, 0, 0], [1, 0.1, 0.1, 0.1, 0.1, 0]])


class Data:
    output_shape = (15,)
    splits = {"val": Tensors(torch.zeros(3, 1, 2, 2, dtype=torch.uint8), TARGETS)}  # noqa: RUF012


class Oracle:
    def predict(self, features):
        assert features.shape == (3, 4)
        return Rows().labels(TARGETS)


def test_the_truth_scores_one():
    features, targets = Rows().examples(Data(), "val")
    output = Rows().output(Oracle(), features, Data())
    assert output.shape == (3, 15)
    metrics = ObjectMetrics()
    metrics.update(output, targets)
    assert all(abs(float(value) - 1) < 1e-6 for value in metrics.compute().values())
