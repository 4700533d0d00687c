"""A task's metrics beside a user's own, and what losses return."""

import pytest
import torch
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.measures import build_metrics, loss_parts, part_names, scalars

F1 = {"_target_": "torchmetrics.classification.MulticlassF1Score", "num_classes": 3}
MACRO = {**F1, "average": "macro"}


def metrics(extra):
    node = {"_target_": "bakeoff.metrics.classification.ClassificationMetrics"}
    return build_metrics(OmegaConf.create({"task": {"metrics": {**node, "extra": extra}}}))


def measured(made):
    output = torch.eye(3)[torch.tensor([0, 1, 1, 2])] * 9
    made.update(output, torch.tensor([0, 1, 2, 2]))
    return {name: float(value) for name, value in made.compute().items()}


def test_own_metrics_stand_beside_the_tasks():
    made = metrics({"macro": MACRO})
    found = measured(made)
    assert found["macro"] == pytest.approx(found["macro_f1"])
    assert found["accuracy"] == 0.75
    made.reset()
    assert measured(made) == found


def test_a_list_is_named_by_its_classes():
    assert "MulticlassF1Score" in measured(metrics([MACRO]))


def test_without_own_metrics_the_tasks_are_as_they_were():
    assert type(metrics([])).__name__ == "ClassificationMetrics"


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ([MACRO, MACRO], "several metrics are called MulticlassF1Score"),
        (MACRO, "expected a list of metrics, or metrics by name"),
        ([{"_target_": "torch.nn.ReLU"}], "ReLU: expected a Metric of torchmetrics"),
    ],
)
def test_what_is_no_metric_is_refused(extra, said):
    with pytest.raises(BakeoffError, match=said):
        metrics(extra)


def test_a_vector_is_refused():
    with pytest.raises(BakeoffError, match=r"recall has shape \(3,\): expected one number"):
        scalars({"accuracy": torch.ones(1), "recall": torch.ones(3)})


def test_a_scalar_loss_is_one_part():
    assert loss_parts(torch.tensor(2.0)) == {"loss": torch.tensor(2.0)}
    parts = {"loss": torch.tensor(3.0), "box": torch.tensor(1.0)}
    assert loss_parts(parts) is parts
    assert part_names(parts) == {"loss": "loss", "box": "loss_box"}


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (torch.ones(2), r"got a tensor of shape \(2,\)"),
        ({"box": 1}, r"got parts \['box'\]"),
        (3.0, "float"),
    ],
)
def test_other_losses_are_refused(loss, said):
    with pytest.raises(BakeoffError, match=said):
        loss_parts(loss)


def test_a_task_without_metrics_is_named():
    with pytest.raises(BakeoffError, match=r"task\.metrics: none: task mine needs a Metric"):
        build_metrics(OmegaConf.create({"task": {"name": "mine"}}))
