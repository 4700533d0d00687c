"""Whether more of a metric is better, as metrics say it."""

import pytest
import torch
import torchmetrics
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.metrics.classification import ClassificationMetrics
from bakeoff.run.parts.directions import directions, refuse_wrong_direction
from bakeoff.run.parts.measures import Measures
from bakeoff.tasks.boxes.metrics import ObjectMetrics
from bakeoff.tasks.detection.metrics import AveragePrecision, CellMetrics
from bakeoff.tasks.words.metrics import WordMetrics

OWN = {"accuracy": "max", "cross_entropy": "min", "macro_f1": "max"}


@pytest.mark.parametrize(
    ("metrics", "output", "target"),
    [
        (ClassificationMetrics(), (4, 3), (4,)),
        (WordMetrics(), (4, 3), (4,)),
        (ObjectMetrics(), (4, 7), (4, 6)),
        (CellMetrics(), (4, 2, 2, 7), (4, 3, 6)),
        (AveragePrecision(0.1, 0.5), (4, 2, 2, 7), (4, 3, 6)),
    ],
)
def test_each_number_of_a_task_has_a_direction(metrics, output, target):
    labels = torch.zeros(target, dtype=torch.long if len(target) == 1 else torch.float32)
    metrics.update(torch.randn(output), labels)
    assert directions(metrics).keys() == metrics.compute().keys()


def test_torchmetrics_say_it_by_higher_is_better():
    collection = torchmetrics.MetricCollection(
        {
            "rmse": torchmetrics.MeanSquaredError(squared=False),
            "r2": torchmetrics.R2Score(),
            "own": ClassificationMetrics(),
            "mean": torchmetrics.MeanMetric(),
        }
    )
    assert directions(collection) == {"rmse": "min", "r2": "max", **OWN}
    extra = {"ece": torchmetrics.CalibrationError(task="binary")}
    assert directions(Measures(ClassificationMetrics(), extra)) == {"ece": "min", **OWN}
    assert directions(nn.Identity()) == {}


def test_the_wrong_direction_is_refused():
    metrics = ClassificationMetrics()
    with pytest.raises(
        BakeoffError, match=r"direction=max: of cross_entropy less is better: .*=min"
    ):
        refuse_wrong_direction("cross_entropy", "max", metrics, ["loss"])
    with pytest.raises(BakeoffError, match="of accuracy more is better"):
        refuse_wrong_direction("accuracy", "min", metrics, ["loss"])
    with pytest.raises(BakeoffError, match="of loss less is better"):
        refuse_wrong_direction("loss", "max", metrics, ["loss"])
    for name, direction in (("accuracy", "max"), ("loss", "min"), ("gap", "max"), ("gap", "min")):
        refuse_wrong_direction(name, direction, metrics, ["loss"])
