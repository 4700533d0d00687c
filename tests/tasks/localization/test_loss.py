"""The localization loss against plain arithmetic."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import tensor

from bakeoff.images.boxes import giou_loss, squared_loss
from bakeoff.tasks.boxes.loss import object_loss
from bakeoff.tasks.localization.loss import LocalizationLoss

quick = settings(max_examples=40, deadline=None)

WEIGHTS = {"confidence": 1.0, "box": 20.0, "class": 0.5}

# Three classes. p_c logit, x, y, w, h, class logits against p_c, x, y, w, h, class.
OUTPUT = tensor(
    [
        [2.0, 0.5, 0.5, 0.2, 0.4, 1.0, 0.0, -1.0],
        [-1.0, 0.1, 0.9, 0.3, 0.3, 0.0, 5.0, 0.0],
        [0.5, 0.3, 0.2, 0.1, 0.2, 0.0, 0.0, 0.0],
    ]
)
TARGET = tensor(
    [
        [1.0, 0.4, 0.7, 0.2, 0.1, 2.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, 0.3, 0.2, 0.1, 0.2, 1.0],
    ]
)


def softplus(x: float) -> float:
    return math.log(1 + math.exp(x))


# -log sigmoid(2), -log(1 - sigmoid(-1)), -log sigmoid(.5)
CONFIDENCE = [softplus(-2.0), softplus(-1.0), softplus(-0.5)]
BOX = [(0.1**2 + 0.2**2 + 0 + 0.3**2) / 4, 0, 0]
# -log softmax: the logit of class 2 is -1; three equal logits.
CLASS = [math.log(math.exp(1) + math.exp(0) + math.exp(-1)) + 1, 0, math.log(3)]


def test_parts_of_each_image_worked_by_hand():
    parts = object_loss(OUTPUT, TARGET, squared_loss, label_smoothing=0)
    assert parts["confidence"].tolist() == pytest.approx(CONFIDENCE)
    assert parts["box"].tolist() == pytest.approx(BOX, abs=1e-7)
    assert parts["class"].tolist() == pytest.approx(CLASS)


def test_the_loss_is_the_weighted_sum_of_means_over_all_images():
    loss = LocalizationLoss(box_loss=squared_loss, weights=WEIGHTS, label_smoothing=0.0)
    result = {name: float(value) for name, value in loss(OUTPUT, TARGET).items()}
    confidence, box, entropy = (sum(part) / 3 for part in (CONFIDENCE, BOX, CLASS))
    assert result == pytest.approx(
        {
            "loss": 1.0 * confidence + 20.0 * box + 0.5 * entropy,
            "confidence": confidence,
            "box": box,
            "class": entropy,
        }
    )


def test_label_smoothing_worked_by_hand():
    # A share of .3 of the label is spread over the 3 classes: .1 + .7 for the true one, .1 elsewhere.
    parts = object_loss(OUTPUT, TARGET, squared_loss, label_smoothing=0.3)
    log_sum = math.log(math.exp(1) + math.exp(0) + math.exp(-1))
    expected = 0.1 * (log_sum - 1) + 0.1 * log_sum + 0.8 * (log_sum + 1)
    assert parts["class"].tolist() == pytest.approx([expected, 0, math.log(3)])


@quick
@given(st.lists(st.floats(-100, 100, width=32), min_size=7, max_size=7))
def test_an_empty_image_teaches_nothing_but_its_confidence(numbers):
    output = tensor([[3.0, *numbers]], requires_grad=True)
    loss = LocalizationLoss(box_loss=giou_loss, weights=WEIGHTS, label_smoothing=0.1)
    parts = loss(output, torch.zeros(1, 6))
    parts["loss"].backward()
    assert parts["box"] == parts["class"] == 0
    assert parts["loss"].item() == pytest.approx(softplus(3.0))
    # The derivative of -log(1 - sigmoid(z)) is sigmoid(z).
    assert output.grad[0].tolist() == pytest.approx([1 / (1 + math.exp(-3.0)), *[0.0] * 7])


def test_an_empty_image_in_a_batch_changes_no_gradient_of_the_others():
    # (The squared loss: at equal boxes, as the last ones are, GIoU has a kink.)
    loss = LocalizationLoss(box_loss=squared_loss, weights=WEIGHTS, label_smoothing=0.0)

    def gradient(images: list[int]) -> torch.Tensor:
        output = OUTPUT[images].clone().requires_grad_()
        loss(output, TARGET[images])["loss"].backward()
        return output.grad * len(images)  # undo the mean

    with_empty, without = gradient([0, 1, 2]), gradient([0, 2])
    torch.testing.assert_close(with_empty[[0, 2]], without)
    assert with_empty[1, 1:].abs().sum() == 0


def test_a_perfect_answer_costs_nothing():
    target = tensor([[1.0, 0.4, 0.7, 0.2, 0.1, 2.0], [0.0] * 6])
    output = tensor([[40.0, 0.4, 0.7, 0.2, 0.1, 0.0, 0.0, 40.0], [-40.0, *[0.0] * 7]])
    loss = LocalizationLoss(box_loss=giou_loss, weights=WEIGHTS, label_smoothing=0.0)
    assert float(loss(output, target)["loss"]) == pytest.approx(0, abs=1e-5)


def test_leading_dimensions_are_kept_and_independent():
    # As cells of a grid, or members that train as one: (2, 3, ...) is six single images.
    generator = torch.Generator().manual_seed(0)
    output = torch.randn(2, 3, 15, generator=generator)
    target = torch.rand(2, 3, 6, generator=generator)
    target[..., 0] = tensor([[1, 0, 1], [0, 1, 1]])
    target[..., 5] = torch.randint(10, (2, 3), generator=generator)
    parts = object_loss(output, target, giou_loss, label_smoothing=0)
    for i in range(2):
        for j in range(3):
            single = object_loss(output[i, j], target[i, j], giou_loss, label_smoothing=0)
            for name, part in parts.items():
                assert part.shape == (2, 3)
                assert float(part[i, j]) == pytest.approx(float(single[name]), abs=1e-6)


def test_members_with_their_own_weights_train_as_one():
    # vmap over the pure loss: gradients are those of each member alone.
    generator = torch.Generator().manual_seed(0)
    outputs = torch.randn(4, *OUTPUT.shape, generator=generator)

    def total(output: torch.Tensor) -> torch.Tensor:
        return sum(
            part.mean()
            for part in object_loss(output, TARGET, giou_loss, label_smoothing=0).values()
        )

    together = torch.func.vmap(torch.func.grad(total))(outputs)
    alone = torch.stack([torch.func.grad(total)(output) for output in outputs])
    torch.testing.assert_close(together, alone)
