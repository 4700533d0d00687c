"""The constant box, and objects as rows."""

import numpy as np
import pytest
import torch

from bakeoff.images.boxes import iou, xywh_to_xyxy
from bakeoff.tasks.boxes.baselines import ConstantBox, Rows, best_box, object_output
from bakeoff.tasks.boxes.metrics import object_hits


def test_the_best_box_of_equal_boxes_is_that_box():
    box = torch.tensor([0.3, 0.4, 0.2, 0.1])
    assert best_box(box.repeat(5, 1)).tolist() == pytest.approx(box.tolist())


def test_no_box_of_a_grid_overlaps_better():
    torch.manual_seed(0)
    boxes = torch.rand(200, 4) * 0.3 + torch.tensor([0.3, 0.3, 0.1, 0.2])
    mean = lambda box: float(iou(xywh_to_xyxy(box), xywh_to_xyxy(boxes)).mean())  # noqa: E731
    found = mean(best_box(boxes))
    steps = torch.linspace(-0.1, 0.1, 7)
    start = boxes.mean(dim=0)
    grid = torch.cartesian_prod(*[start[at] + steps for at in range(4)])
    assert found >= max(map(mean, grid)) - 1e-4


def test_the_answer_is_the_commonest_class_wherever_there_is_an_object():
    rows = np.array([
        [1, 0.5, 0.5, 0.2, 0.2, 7],
        [1, 0.5, 0.5, 0.2, 0.2, 7],
        [1, 0.5, 0.5, 0.2, 0.2, 1],
        [0, 0, 0, 0, 0, 0],
    ], np.float32)  # fmt: skip
    model = ConstantBox().fit(np.zeros((4, 1)), rows)
    predicted = model.predict(np.zeros((2, 1)))
    assert predicted == pytest.approx(rows[[0, 0]])
    lists = rows.reshape(2, 12)  # two places for an object in each image
    assert ConstantBox().fit(np.zeros((2, 1)), lists).predict(np.zeros((1, 1))) == pytest.approx(
        np.array([[1, 0.5, 0.5, 0.2, 0.2, 7, *[0] * 6]])
    )


def test_without_objects_there_is_none():
    model = ConstantBox().fit(np.zeros((2, 1)), np.zeros((2, 6), np.float32))
    assert model.predict(np.zeros((3, 1))).tolist() == [[0] * 6] * 3


def test_the_true_objects_as_output_are_right_by_every_metric():
    target = torch.tensor([[1, 0.5, 0.4, 0.2, 0.3, 2], [0, 0, 0, 0, 0, 0]])
    hits = object_hits(object_output(target, classes=4), target)
    assert hits["confident"].all()
    assert hits["right"].tolist() == hits["strict"].tolist() == [True, False]
    assert hits["iou"].tolist() == pytest.approx([1, 0])


def test_predictions_are_read_as_they_were_labelled():
    class Same:
        def predict(self, features):
            return features

    targets = torch.rand(3, 2, 6)
    assert Rows().objects(Same(), Rows().labels(targets)).equal(targets)
