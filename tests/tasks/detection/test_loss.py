"""The detection loss: worked by hand, and equal to a loop over cells."""

import math

import pytest
import torch
from torch import Tensor, nn, tensor
from torch.nn import functional as F

from bakeoff.images.boxes import giou_loss, iou_loss, squared_loss
from bakeoff.tasks.detection.grid import to_grid
from bakeoff.tasks.detection.loss import DetectionLoss, detection_loss

WEIGHTS = {"object": 2.0, "no_object": 0.5, "box": 3.0, "class": 1.5}


def batch(images: int, classes: int, rows: int = 2, columns: int = 3) -> tuple[Tensor, Tensor]:
    """Random outputs (B, rows, columns, 5 + C) and lists (B, 4, 6)."""
    generator = torch.Generator().manual_seed(3)
    output = torch.randn(images, rows, columns, 5 + classes, generator=generator)
    boxes = torch.rand(images, 4, 6, generator=generator)
    boxes[..., 0] = (boxes[..., 0] > 0.4).float()
    boxes[..., 5] = (boxes[..., 5] * classes).floor()
    return output, boxes * boxes[..., :1]


def looped(output: Tensor, target: Tensor, box_loss, weights) -> float:
    """The loss from its definition, cell by cell."""
    total = 0.0
    for image, cells in zip(output.flatten(1, 2), target.flatten(1, 2), strict=True):
        for cell, wanted in zip(image, cells, strict=True):
            confidence = F.binary_cross_entropy_with_logits(cell[0], wanted[0])
            if wanted[0] == 0:
                total += weights["no_object"] * confidence
                continue
            total += weights["object"] * confidence
            total += weights["box"] * box_loss(cell[1:5], wanted[1:5])
            total += weights["class"] * F.cross_entropy(cell[5:], wanted[5].long())
    return float(total) / len(output)


def test_one_image_by_hand():
    # A grid of 1 x 2, a digit of class 1 in the left cell: centre .25 of the image is .5 of the cell,
    # width .25 is .5, height .5 stays.
    boxes = tensor([[[1, 0.25, 0.5, 0.25, 0.5, 1]]])
    output = torch.zeros(1, 1, 2, 7)
    output[0, 0, 0, 1:5] = tensor([0.5, 0.5, 0.5, 1.0])
    output[0, 0, 1, 0] = math.log(3)
    loss = DetectionLoss(iou_loss, WEIGHTS, label_smoothing=0, focus=0)(output, boxes)
    # Left: sigmoid 1/2; the predicted box is twice as high, IoU 1/2; class 1 of two at 1/2.
    # Right: empty, sigmoid 3/4.
    parts = {"object": math.log(2), "no_object": math.log(4), "box": 1 / 2, "class": math.log(2)}
    for name, value in parts.items():
        assert loss[name].item() == pytest.approx(value, abs=1e-6), name
    assert loss["loss"].item() == pytest.approx(
        sum(WEIGHTS[name] * value for name, value in parts.items()), abs=1e-6
    )


@pytest.mark.parametrize("classes", [1, 2, 10])
@pytest.mark.parametrize("box_loss", [squared_loss, giou_loss])
def test_equals_a_loop_over_cells(classes, box_loss):
    output, boxes = batch(16, classes)
    loss = DetectionLoss(box_loss, WEIGHTS, label_smoothing=0, focus=0)(output, boxes)["loss"]
    assert loss.item() == pytest.approx(
        looped(output, to_grid(boxes, 2, 3), box_loss, WEIGHTS), rel=1e-5
    )


def test_an_iou_loss_does_not_depend_on_the_frame_of_the_cell():
    output, boxes = batch(8, 2)
    target = to_grid(boxes, 2, 3)
    wide, high = output.clone(), target.clone()
    wide[..., 1:5] *= tensor([3.0, 0.5, 3.0, 0.5])
    high[..., 1:5] *= tensor([3.0, 0.5, 3.0, 0.5])
    plain = detection_loss(output, target, giou_loss, 0, 0)["box"]
    torch.testing.assert_close(plain, detection_loss(wide, high, giou_loss, 0, 0)["box"])


def test_an_empty_image_has_only_the_empty_part():
    output, boxes = batch(4, 2)
    loss = DetectionLoss(giou_loss, WEIGHTS, 0, 0)(output, torch.zeros_like(boxes))
    assert loss["object"] == loss["box"] == loss["class"] == 0
    assert loss["loss"] == WEIGHTS["no_object"] * loss["no_object"]


def test_many_members_train_as_one():
    """The loss works under vmap, so that stacked nets can share a backward pass."""
    output, boxes = batch(5, 2)
    outputs = torch.stack([output, output * 2])
    loss: nn.Module = DetectionLoss(giou_loss, WEIGHTS, 0, 2.0)
    together = torch.vmap(lambda one: loss(one, boxes)["loss"])(outputs)
    torch.testing.assert_close(together, torch.stack([loss(one, boxes)["loss"] for one in outputs]))
