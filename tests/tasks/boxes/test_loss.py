"""The loss of one possible object, against numbers worked by hand."""

import math

import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from torch import nn, tensor

from bakeoff.errors import BakeoffError
from bakeoff.images.boxes import ciou_loss, diou_loss, giou_loss, iou_loss, squared_loss
from bakeoff.store import paths
from bakeoff.sweep.plan import plan
from bakeoff.tasks.boxes.loss import checked_weights, object_loss

# Class logits 0, log 3: probabilities 1/4, 3/4.
OUTPUT = [0.0, 0.5, 0.5, 0.2, 0.4, 0.0, math.log(3)]


def test_parts_by_hand():
    output = tensor([OUTPUT, OUTPUT])
    target = tensor([[1, 0.5, 0.7, 0.2, 0.2, 1], [0.0] * 6])
    parts = object_loss(output, target, squared_loss, label_smoothing=0)
    # sigmoid(0) = 1/2 on both; (0.2^2 + 0.2^2) / 4 = 0.02; -log 3/4.
    torch.testing.assert_close(parts["confidence"], tensor([math.log(2), math.log(2)]))
    torch.testing.assert_close(parts["box"], tensor([0.02, 0.0]))
    torch.testing.assert_close(parts["class"], tensor([math.log(4 / 3), 0.0]))


def test_focal_weighting_by_hand():
    # p = sigmoid(log 3) = 3/4. Present: (1/4)^2 * -log(3/4); absent: (3/4)^2 * -log(1/4).
    output = tensor([[math.log(3), *OUTPUT[1:]]] * 2, dtype=torch.float64)
    target = torch.zeros(2, 6, dtype=torch.float64)
    target[0, 0] = 1
    found = object_loss(output, target, squared_loss, 0, focus=2)["confidence"]
    expected = [math.log(4 / 3) / 16, 9 / 16 * math.log(4)]
    torch.testing.assert_close(found, tensor(expected, dtype=torch.float64))


@pytest.mark.parametrize("focus", [0.0, 0.5, 2.0])
def test_gradients_stay_finite_where_the_net_is_certain(focus):
    output = tensor([[200.0, *OUTPUT[1:]], [-200.0, *OUTPUT[1:]]] * 2, requires_grad=True)
    target = torch.zeros(4, 6)
    target[:2, 0] = 1
    object_loss(output, target, giou_loss, 0, focus)["confidence"].sum().backward()
    assert output.grad.isfinite().all()


def test_leading_dimensions_do_not_matter():
    generator = torch.Generator().manual_seed(1)
    output = torch.randn(3, 2, 4, 7, generator=generator)
    target = torch.rand(3, 2, 4, 6, generator=generator)
    target[..., 0], target[..., 5] = (target[..., 0] > 0.5).float(), target[..., 5].round()
    whole = object_loss(output, target, giou_loss, 0.1, 1.0)
    part = object_loss(output[1, 1], target[1, 1], giou_loss, 0.1, 1.0)
    for name, values in part.items():
        assert whole[name].shape == (3, 2, 4)
        torch.testing.assert_close(whole[name][1, 1], values)


# The options in conf/loss


def composed(task: str, *overrides: str) -> nn.Module:
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base=None):
        config = compose("config", [f"task={task}", *overrides])
    return instantiate(config.loss, _convert_="all")


LOCALIZATION = {"confidence": 1.0, "box": 2.0, "class": 1.0}
DETECTION = {"object": 1.0, "no_object": 1.0, "box": 2.0, "class": 1.0}
OPTIONS = {
    "giou": giou_loss,
    "diou": diou_loss,
    "ciou": ciou_loss,
    "iou": iou_loss,
    "mse": squared_loss,
}


@pytest.mark.parametrize(
    ("task", "weights"), [("localization", LOCALIZATION), ("detection", DETECTION)]
)
def test_one_override_chooses_the_loss_of_the_box(task, weights):
    assert composed(task).box_loss is giou_loss
    for name, box_loss in OPTIONS.items():
        loss = composed(task, f"loss/box_loss={name}")
        assert loss.box_loss is box_loss
        assert loss.weights == weights


def test_the_other_losses_of_boxes_are_presets():
    squared = composed("localization", "loss=localization/mse")
    assert squared.box_loss is squared_loss
    assert squared.weights == LOCALIZATION | {"box": 20.0}
    focal = composed("detection", "loss=detection/focal")
    assert (focal.focus, focal.box_loss) == (2.0, giou_loss)
    assert focal.weights == DETECTION | {"no_object": 3.0}
    assert composed("detection", "loss=detection/focal", "loss/box_loss=iou").box_loss is iou_loss


def test_a_sweep_over_losses_of_the_box_is_planned_and_checked():
    folder = paths.experiment_dir("detection")
    planned = plan("detection", ["loss/box_loss=iou,ciou", "model=lenet5/standard"], folder)
    found = {job.config.loss.box_loss.path.rpartition(".")[2] for job in planned.candidates}
    assert found == {"iou_loss", "ciou_loss"}
    with pytest.raises(
        BakeoffError, match="loss/box_loss=cio: no such option; did you mean 'ciou'"
    ):
        plan("detection", ["loss/box_loss=cio"], folder)


def test_a_part_is_never_rewarded():
    assert checked_weights({"box": 0, "class": 2.0}) == {"box": 0, "class": 2.0}
    with pytest.raises(BakeoffError, match=r"loss.weights: box -1, class nan: expected 0 or more"):
        checked_weights({"box": -1, "class": float("nan"), "confidence": 1})
