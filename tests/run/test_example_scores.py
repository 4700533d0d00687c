"""Metrics worked out again for other draws of the test examples."""

import pytest
import torch
from torch import nn

from bakeoff.data.splits import Units
from bakeoff.metrics.classification import ClassificationMetrics
from bakeoff.run.example_scores import ExampleScores, parts
from bakeoff.run.parts.measures import Measures


class Module:
    def __init__(self, metrics):
        self.metrics = metrics


class Counted(nn.Module):
    """Counts what it has seen, and takes weights of examples."""

    def __init__(self):
        super().__init__()
        self.seen = 0

    def update(self, output, target):
        self.seen += len(target)

    def weighted(self, weights):
        return {"seen": weights.sum(dim=1) * self.seen}


def scores_of(metrics, output, target, batch=4):
    scores = ExampleScores()
    for part in torch.arange(len(target)).split(batch):
        metrics.update(output[part], target[part])
        scores.on_test_batch_end(
            None, Module(metrics), {"output": output[part]}, (None, target[part]), 0
        )
    return scores


def answers(count=11, classes=3):
    generator = torch.Generator().manual_seed(0)
    output = torch.randn(count, classes, generator=generator)
    return output, torch.randint(classes, (count,), generator=generator)


def test_a_draw_of_examples_is_evaluated_as_if_they_were_all_there_is():
    output, target = answers()
    weighted = scores_of(ClassificationMetrics(), output, target).over(
        Units(torch.arange(len(target)), "images")
    )
    drawn = torch.tensor([0, 0, 3, 5, 5, 5, 9])
    counts = torch.bincount(drawn, minlength=len(target)).double().unsqueeze(0)
    reference = ClassificationMetrics()
    reference.update(output[drawn], target[drawn])
    expected = {name: float(value) for name, value in reference.compute().items()}
    assert {name: float(v) for name, v in weighted(counts).items()} == pytest.approx(expected)


def test_examples_of_one_unit_are_drawn_together():
    output, target = answers(6)
    units = Units(torch.tensor([0, 0, 1, 1, 1, 2]), "documents")
    weighted = scores_of(ClassificationMetrics(), output, target).over(units)
    reference = ClassificationMetrics()
    reference.update(output[2:5], target[2:5])
    found = weighted(torch.tensor([[0.0, 1.0, 0.0]], dtype=torch.float64))
    assert float(found["cross_entropy"]) == pytest.approx(
        float(reference.compute()["cross_entropy"])
    )


def test_a_metric_may_take_weights_of_examples_itself():
    counted = Counted()
    scores = scores_of(counted, *answers(3))
    weighted = scores.over(Units(torch.tensor([0, 0, 1]), "documents"))
    assert weighted(torch.tensor([[2.0, 1.0]], dtype=torch.float64))["seen"].tolist() == [15.0]


def test_the_metrics_of_a_task_without_those_that_a_user_adds():
    task, extra = ClassificationMetrics(), nn.Identity()
    assert list(parts(Measures(task, {"mine": extra}))) == [task]
    assert list(parts(nn.ModuleDict({"a": task, "b": extra}))) == [task, extra]


def test_a_test_of_some_examples_is_no_test_of_all():
    scores = scores_of(ClassificationMetrics(), *answers(5))
    with pytest.raises(ValueError, match="5 examples were tested of 6"):
        scores.over(Units(torch.arange(6), "images"))
