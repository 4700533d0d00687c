"""What members that are evaluated at once get."""

import pytest
import torch
from torchmetrics import MeanMetric

from bakeoff.data.batches import Tensors
from bakeoff.fused.evaluation import Evaluation, alike, hand_out
from bakeoff.metrics.classification import ClassificationMetrics

DATA = Tensors(torch.zeros(6, 1), torch.tensor([0, 1, 2, 0, 1, 2]))
BATCHES = [torch.arange(0, 4), torch.arange(4, 6)]


class Seen(MeanMetric):
    """Notes the sizes of the batches that it gets."""

    def __init__(self):
        super().__init__()
        self.sizes = []

    def update(self, output, target):
        self.sizes.append((len(output), len(target)))


def evaluated(outputs):
    for number, indices in enumerate(BATCHES):
        loss = {"loss": torch.tensor([1.0, 10.0]) * (number + 1)}
        yield outputs[:, indices], DATA[indices][1], loss


def test_each_member_gets_its_outputs_and_losses():
    outputs = torch.randn(2, 6, 3, generator=torch.Generator().manual_seed(0))
    noted = ([], [])
    asked = [
        Evaluation(
            DATA, BATCHES, ClassificationMetrics(), lambda means, n, own=own: own.append((means, n))
        )
        for own in noted
    ]
    hand_out(asked, evaluated(outputs))
    for number, own in enumerate(asked):
        alone = ClassificationMetrics()
        for indices in BATCHES:
            alone.update(outputs[number, indices], DATA[indices][1])
        expected = alone.compute()
        assert own.metrics.compute() == {k: pytest.approx(v) for k, v in expected.items()}
        assert [(float(means["loss"]), n) for means, n in noted[number]] == [
            ((1, 10)[number], 4),
            ((2, 20)[number], 2),
        ]


def test_metrics_that_do_not_say_that_they_add_up_get_every_batch():
    own = Evaluation(DATA, BATCHES, Seen())
    hand_out([own], evaluated(torch.zeros(2, 6, 3)))
    assert own.metrics.sizes == [(4, 4), (2, 2)]


def test_members_that_see_the_same_rows_are_evaluated_at_once():
    other = Tensors(*DATA.tensors)
    metrics = ClassificationMetrics()
    asked = [
        Evaluation(DATA, BATCHES, metrics),
        Evaluation(other, BATCHES, metrics),
        Evaluation(DATA, [indices.clone() for indices in BATCHES], metrics),
        Evaluation(DATA, BATCHES[:1], metrics),
    ]
    assert sorted(map(sorted, alike(asked))) == [[0, 2], [1], [3]]
