"""Moving and mirroring training images."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.tasks.classification.augment import Jitter, move

IMAGE = torch.tensor([[[1, 2, 3], [4, 5, 6]]], dtype=torch.uint8)  # (1, 2, 3)


@pytest.mark.parametrize(
    ("dx", "dy", "mirrored", "expected"),
    [
        (0, 0, False, [[1, 2, 3], [4, 5, 6]]),
        (1, 0, False, [[1, 1, 2], [4, 4, 5]]),
        (0, -1, False, [[4, 5, 6], [4, 5, 6]]),
        (0, 0, True, [[3, 2, 1], [6, 5, 4]]),
        (1, 0, True, [[3, 3, 2], [6, 6, 5]]),
    ],
)
def test_moves_by_hand(dx, dy, mirrored, expected):
    found = move(IMAGE[None], *(torch.tensor([value]) for value in (dx, dy, mirrored)))
    assert found[0, 0].tolist() == expected
    assert found.dtype == torch.uint8


def test_each_image_of_a_batch_is_moved_on_its_own_within_reach():
    torch.manual_seed(0)
    images = torch.zeros(400, 1, 9, 9)
    images[:, :, 4, 4] = 1
    moved, labels = Jitter(2, mirror=True)(images, torch.arange(400))
    at = moved.flatten(1).argmax(1)
    places = {(int(i) // 9 - 4, int(i) % 9 - 4) for i in at}
    assert places == {(y, x) for y in range(-2, 3) for x in range(-2, 3)}
    assert labels.tolist() == list(range(400))


def test_without_mirroring_none_is_mirrored():
    images = IMAGE[None].expand(50, 1, 2, 3)
    assert torch.equal(Jitter(0, mirror=False)(images, torch.zeros(50))[0], images)


def test_a_negative_reach_is_refused():
    with pytest.raises(BakeoffError, match=r"augment.pixels is -1"):
        Jitter(-1, mirror=False)
