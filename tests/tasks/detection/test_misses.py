"""What counts as a mistake on an image, by hand."""

import torch
from torch import tensor

from bakeoff.tasks.detection.misses import misses

LEFT, RIGHT = [0.0, 0.0, 0.4, 1.0], [0.5, 0.0, 1.0, 1.0]
TRUE_LEFT, TRUE_RIGHT = [1, 0.2, 0.5, 0.4, 1.0, 0], [1, 0.75, 0.5, 0.5, 1.0, 1]
NOTHING = [0.0] * 6


def test_misses_by_hand():
    boxes = tensor([[LEFT, RIGHT]]).expand(4, -1, -1)
    scores = tensor(
        [
            [[0.9, 0.0], [0.0, 0.9]],  # both right
            [[0.0, 0.9], [0.0, 0.0]],  # one of the wrong class, one missing
            [[0.9, 0.0], [0.9, 0.0]],  # one right, one where nothing is
            [[0.0, 0.0], [0.0, 0.0]],  # rightly nothing
        ]
    )
    true = tensor(
        [[TRUE_LEFT, TRUE_RIGHT], [TRUE_LEFT, TRUE_RIGHT], [TRUE_LEFT, NOTHING], [NOTHING] * 2]
    )
    found = misses(boxes, scores, true)
    assert found.missed.tolist() == [0, 2, 0, 0]
    assert found.false.tolist() == [0, 1, 1, 0]
    torch.testing.assert_close(found.iou, tensor([1.0, 0.0, 1.0, 1.0]))
    assert found.worst_first().tolist() == [1, 2, 0, 3]


def test_a_box_that_overlaps_by_less_than_half_is_a_miss_and_a_false_detection():
    true = tensor([[[1, 0.5, 0.5, 1.0, 1.0, 0]]])
    found = misses(tensor([[LEFT]]), tensor([[[0.9]]]), true)
    assert (found.missed.item(), found.false.item()) == (1, 1)
    torch.testing.assert_close(found.iou, tensor([0.4]))
