"""Decoding: numbers worked by hand, suppression against a slow reference."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import tensor

from bakeoff.images.boxes import iou
from bakeoff.images.finding import Finding
from bakeoff.tasks.detection.decode import decode, findings, suppress


def test_boxes_and_scores_by_hand():
    output = torch.full((1, 2, 3, 7), -50.0)
    # Column 1, row 1 of an image 48 high and 60 wide: cells of 20 x 24 pixels, at (20, 24).
    # Centre (20 + 10, 24 + 6), size 10 x 36: top 30 - 18 = 12, bottom 48.
    output[0, 1, 1] = tensor([math.log(3), 0.5, 0.25, 0.5, 1.5, 0.0, math.log(4)])
    boxes, scores = decode(output, 48, 60, threshold=0.3, overlap=0.5)
    assert boxes.shape == (1, 6, 4)
    assert scores.shape == (1, 6, 2)
    torch.testing.assert_close(boxes[0, 4], tensor([25.0, 12.0, 35.0, 48.0]))
    # 3/4 * 1/5 is below the threshold, 3/4 * 4/5 above.
    torch.testing.assert_close(scores[0, 4], tensor([0.0, 0.6]))
    assert scores.count_nonzero() == 1
    ((found,),) = findings(output, 48, 60, threshold=0.3, overlap=0.5)
    assert found == Finding(1, pytest.approx(0.6), pytest.approx((25.0, 12.0, 35.0, 48.0)))


def test_boxes_end_at_the_image():
    output = torch.zeros(1, 1, 1, 6)
    output[..., 1:5] = tensor([0.0, 1.0, 0.5, 4.0])
    boxes, _ = decode(output, 10, 20, threshold=0.1, overlap=0.5)
    assert boxes[0, 0].tolist() == [0, 0, 5, 10]


def test_a_net_that_diverged_detects_nothing():
    output = torch.full((2, 2, 3, 7), torch.nan)
    _, scores = decode(output, 1, 1, threshold=0.01, overlap=0.5)
    assert not scores.any()
    assert findings(output, 1, 1, 0.01, 0.5) == [[], []]


def test_findings_are_ordered_by_score():
    output = torch.zeros(1, 1, 2, 6)
    output[0, 0, :, 0] = tensor([0.5, 2.0])
    output[..., 1:5] = tensor([0.5, 0.5, 1.0, 1.0])
    (found,) = findings(output, 10, 20, threshold=0.1, overlap=0.5)
    assert [round(f.score, 4) for f in found] == [0.8808, 0.6225]
    assert found[0].box == (10, 0, 20, 10)


def test_suppression_by_hand():
    # The first two overlap by 8/12, the last is apart. A suppressed box suppresses nothing.
    boxes = tensor([[[0, 0, 10, 1], [2, 0, 12, 1], [4, 0, 14, 1], [40, 0, 50, 1.0]]])
    scores = tensor([[[0.9, 0.0], [0.8, 0.7], [0.7, 0.0], [0.1, 0.0]]])
    assert (
        suppress(boxes, scores, 0.5)[0].tolist()
        == tensor([[0.9, 0.0], [0.0, 0.7], [0.7, 0.0], [0.1, 0.0]]).tolist()
    )


def greedy(boxes, scores, overlap):
    """One image and class: as it is told, one box after the other."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    kept = []
    for i in order:
        if scores[i] > 0 and all(iou(boxes[i], boxes[j]) <= overlap for j in kept):
            kept.append(i)
    return tensor([score if i in kept else 0.0 for i, score in enumerate(scores.tolist())])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 12),
    classes=st.integers(1, 3),
    overlap=st.sampled_from([0.1, 0.3, 0.5, 0.8]),
)
def test_suppression_equals_the_greedy_reference(seed, count, classes, overlap):
    generator = torch.Generator().manual_seed(seed)
    low = torch.rand(3, count, 2, generator=generator) * 3
    boxes = torch.cat([low, low + 0.5 + 3 * torch.rand(3, count, 2, generator=generator)], dim=-1)
    # Few values: equal scores, and zeros, are common.
    scores = torch.randint(0, 6, (3, count, classes), generator=generator) / 5
    found = suppress(boxes, scores, overlap)
    for image in range(3):
        for label in range(classes):
            expected = greedy(boxes[image], scores[image, :, label], overlap)
            assert torch.equal(found[image, :, label], expected)
