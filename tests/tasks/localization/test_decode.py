"""From 15 numbers to a digit, by hand."""

import math

import pytest
import torch
from torch import Tensor, tensor

from bakeoff.images.finding import Finding
from bakeoff.tasks.localization.decode import findings

HALF, MOST = 0.0, 9.0  # logits of p_c


def output(confidence: float, box: list[float], *classes: float) -> Tensor:
    return tensor([[confidence, *box, *classes]])


def test_a_digit_by_hand():
    # p_c = 1/2; classes e^0 : e^ln 3 = 1 : 3, so the second with 3/4; the box in pixels of 40 x 20.
    logits = output(HALF, [0.5, 0.5, 0.25, 0.5], 0.0, math.log(3))
    ((found,),) = findings(logits, height=20, width=40, threshold=0.5)
    assert found == Finding(1, pytest.approx(0.5 * 0.75), (15, 5, 25, 15))


def test_below_the_threshold_there_is_none():
    logits = torch.cat([output(z, [0.5, 0.5, 0.2, 0.2], 1.0, 0.0) for z in (-1.0, HALF, MOST)])
    assert [len(found) for found in findings(logits, 20, 40, 0.5)] == [0, 1, 1]
    assert [len(found) for found in findings(logits, 20, 40, 0.9)] == [0, 0, 1]
    assert [len(found) for found in findings(logits, 20, 40, 0.1)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ([0.0, 1.0, 0.5, 0.5], (0, 15, 10, 20)),
        ([2.0, 2.0, 0.5, 0.5], (40, 20, 40, 20)),  # wholly outside: nothing of it is left
        ([0.5, 0.5, -0.25, 0.5], (15, 5, 25, 15)),  # a size counts without its sign
    ],
)
def test_a_box_stays_in_the_image(box, expected):
    ((found,),) = findings(output(MOST, box, 1.0, 0.0), height=20, width=40, threshold=0.5)
    assert found.box == expected


def test_what_is_not_a_number_is_no_digit():
    assert findings(output(math.nan, [0.5, 0.5, 0.2, 0.2], 1.0, 0.0), 20, 40, 0.5) == [[]]
