"""Box geometry against numbers worked by hand, counted pixels and finite differences."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, tensor

from bakeoff.images.boxes import (
    ciou_loss,
    diou_loss,
    giou_loss,
    iou,
    iou_loss,
    squared_loss,
    xywh_to_xyxy,
    xyxy_to_xywh,
)

quick = settings(max_examples=80, deadline=None)

FAMILY = [iou_loss, giou_loss, diou_loss, ciou_loss]
LOSSES = [*FAMILY, squared_loss]
MOST = {iou_loss: 1, giou_loss: 2, diou_loss: 2, ciou_loss: 3}


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, width=32)


boxes = st.tuples(numbers(-2, 3), numbers(-2, 3), numbers(0.125, 2), numbers(0.125, 2)).map(
    lambda box: tensor(box, dtype=torch.float64)
)
any_boxes = st.tuples(*[st.one_of(st.sampled_from([0.0, 1.0, -1.0]), numbers(-2, 3))] * 4)
pixels = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 6), st.integers(1, 6))


def test_corners_and_centres():
    xywh, xyxy = tensor([3.0, 5.0, 2.0, 4.0]), tensor([2.0, 3.0, 4.0, 7.0])
    assert torch.equal(xywh_to_xyxy(xywh), xyxy)
    assert torch.equal(xyxy_to_xywh(xyxy), xywh)


# a, b as x, y, w, h; IoU, GIoU, DIoU, CIoU.
HAND = {
    # [0, 2]^2 and [1, 3]^2: overlap 1, union 4 + 4 - 1 = 7; enclosing 9, diagonal^2 18, d^2 2.
    "shifted": ([1, 1, 2, 2], [2, 2, 2, 2], 1 / 7, 1 / 7 - 2 / 9, 1 / 7 - 2 / 18, 1 / 7 - 2 / 18),
    # [0, 1]^2 and [3, 4] x [0, 1]: no overlap, union 2; enclosing 4 x 1, diagonal^2 17, d^2 9.
    "apart": ([0.5, 0.5, 1, 1], [3.5, 0.5, 1, 1], 0, 0 - 2 / 4, 0 - 9 / 17, 0 - 9 / 17),
    # [1, 3]^2 in [0, 4]^2: overlap 4, union 16 = enclosing; same centre, same shape.
    "inside": ([2, 2, 2, 2], [2, 2, 4, 4], 1 / 4, 1 / 4, 1 / 4, 1 / 4),
    # [0, 2]^2 and [0, 4] x [0, 2]: overlap 4, union 8 = enclosing, diagonal^2 20, d^2 1;
    # v = 4 / pi^2 (atan 2 - atan 1)^2 = .041957, alpha = v / (1 - .5 + v) = .077417.
    "wider": ([1, 1, 2, 2], [2, 1, 4, 2], 1 / 2, 1 / 2, 1 / 2 - 1 / 20, 0.45 - 0.077417 * 0.041957),
}


@pytest.mark.parametrize(("a", "b", "iou_", "giou", "diou", "ciou"), HAND.values(), ids=HAND)
def test_hand_worked_values(a, b, iou_, giou, diou, ciou):
    a, b = tensor(a, dtype=torch.float64), tensor(b, dtype=torch.float64)
    expected = dict(zip(FAMILY, (iou_, giou, diou, ciou), strict=True))
    for loss, value in expected.items():
        assert float(loss(a, b)) == pytest.approx(1 - value, abs=1e-6)
        assert float(loss(b, a)) == pytest.approx(1 - value, abs=1e-6)


def test_squared_loss_is_the_mean_over_the_four_numbers():
    a, b = tensor([[0.5, 0.5, 0.2, 0.4]]), tensor([[0.4, 0.7, 0.2, 0.1]])
    expected = (0.1**2 + 0.2**2 + 0 + 0.3**2) / 4
    assert squared_loss(a, b).tolist() == pytest.approx([expected])


@quick
@given(pixels, pixels)
def test_overlap_and_enclosure_by_counting_pixels(a, b):
    def covered(left, top, width, height):
        return {(x, y) for x in range(left, left + width) for y in range(top, top + height)}

    ours, theirs = covered(*a), covered(*b)
    expected = len(ours & theirs) / len(ours | theirs)
    xs, ys = zip(*(ours | theirs), strict=True)
    enclosing = (max(xs) - min(xs) + 1) * (max(ys) - min(ys) + 1)

    a, b = (tensor([x, y, x + w, y + h], dtype=torch.float64) for x, y, w, h in (a, b))
    assert float(iou(a, b)) == pytest.approx(expected, abs=1e-8)
    giou = 1 - float(giou_loss(xyxy_to_xywh(a), xyxy_to_xywh(b)))
    assert giou == pytest.approx(expected - 1 + len(ours | theirs) / enclosing, abs=1e-8)


@pytest.mark.parametrize("loss", FAMILY)
@quick
@given(a=boxes, b=boxes, shift=numbers(-5, 5), scale=numbers(0.5, 4))
def test_the_family_is_symmetric_bounded_and_does_not_depend_on_the_frame(loss, a, b, shift, scale):
    value = float(loss(a, b))
    assert float(loss(b, a)) == pytest.approx(value, abs=1e-6)
    assert -1e-6 <= value <= MOST[loss]
    assert float(loss(a, a)) == pytest.approx(0, abs=1e-6)
    move = tensor([shift, -shift, 0, 0], dtype=torch.float64)
    assert float(loss(scale * a + move, scale * b + move)) == pytest.approx(value, abs=1e-5)


@quick
@given(boxes, boxes)
def test_refinements_only_add_to_the_loss(a, b):
    plain, giou, diou, ciou = (float(loss(a, b)) for loss in FAMILY)
    assert plain <= giou + 1e-6
    assert plain <= diou + 1e-6
    assert diou <= ciou + 1e-6


@pytest.mark.parametrize("loss", LOSSES)
@quick
@given(a=any_boxes, b=any_boxes)
def test_values_and_gradients_are_finite_whatever_a_net_predicts(loss, a, b):
    predicted, true = tensor(a, requires_grad=True), tensor(b)
    value = loss(predicted, true)
    value.backward()
    assert value.isfinite()
    assert predicted.grad.isfinite().all()


@pytest.mark.parametrize("loss", [iou_loss, giou_loss, diou_loss, squared_loss])
@pytest.mark.parametrize("b", [[0.5, 0.6, 0.3, 0.2], [0.9, 0.1, 0.1, 0.15]], ids=["over", "apart"])
def test_gradients_are_those_of_finite_differences(loss, b):
    a = tensor([0.45, 0.52, 0.25, 0.3], dtype=torch.float64, requires_grad=True)
    b = tensor(b, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda a: loss(a, b), (a,))


def test_the_weight_of_the_aspect_ratio_has_no_gradient():
    # Same centre and height, so only IoU and v move: w = 1 against 2, both 1 high.
    width = tensor(1.0, dtype=torch.float64, requires_grad=True)
    one = torch.ones((), dtype=torch.float64)
    ciou_loss(torch.stack([0 * one, 0 * one, width, one]), tensor([0.0, 0.0, 2.0, 1.0])).backward()
    # IoU = w / 2. v = 4 / pi^2 (atan 2 - atan w)^2, so v' = -8 / pi^2 (atan 2 - atan w) / (1 + w^2).
    angle = math.atan(2) - math.atan(1)
    v = 4 / math.pi**2 * angle**2
    alpha = v / (1 - 0.5 + v)
    expected = -0.5 + alpha * -8 / math.pi**2 * angle / 2
    assert float(width.grad) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("loss", FAMILY)
def test_a_size_counts_without_its_sign_and_can_come_back(loss):
    true = tensor([0.5, 0.5, 0.4, 0.4])
    negative = tensor([0.5, 0.5, -0.2, -0.3], requires_grad=True)
    positive = negative.detach().abs().requires_grad_()
    loss(negative, true).backward()
    loss(positive, true).backward()
    assert torch.equal(loss(negative, true), loss(positive, true))
    assert torch.equal(negative.grad[2:], -positive.grad[2:])
    # Too small: a step against the gradient makes |w| and |h| larger.
    assert (negative.grad[2:] > 0).all()


@pytest.mark.parametrize("loss", [giou_loss, diou_loss, ciou_loss])
def test_boxes_that_are_apart_are_pulled_together(loss):
    predicted = tensor([0.2, 0.5, 0.1, 0.1], requires_grad=True)
    loss(predicted, tensor([0.8, 0.5, 0.1, 0.1])).backward()
    assert predicted.grad[0] < 0  # x grows towards the true box
    assert predicted.grad[1] == pytest.approx(0, abs=1e-6)


def test_two_empty_boxes_do_not_overlap():
    empty = torch.zeros(4)
    assert iou(empty, empty) == 0


@pytest.mark.parametrize("loss", LOSSES)
def test_shapes_broadcast(loss):
    def random(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=torch.Generator().manual_seed(0)) + 0.1

    a, b = random(3, 1, 4), random(5, 4)
    every = loss(a, b)
    assert every.shape == (3, 5)
    for i in range(3):
        for j in range(5):
            assert float(every[i, j]) == pytest.approx(float(loss(a[i, 0], b[j])), abs=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_neither_a_loss_nor_its_gradient_waits_for_a_device(loss):
    apart = tensor([[0.2, 0.2, 0.1, 0.1], [0.5, 0.5, 0.4, 0.2]], requires_grad=True)
    target = tensor([[0.8, 0.8, 0.1, 0.1], [0.5, 0.4, 0.2, 0.2]])
    with torch.profiler.profile() as noted:
        loss(apart, target).sum().backward()
    assert "aten::_local_scalar_dense" not in {event.key for event in noted.key_averages()}
