"""Shifted canvases: the box goes where the pixels go."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.tasks.boxes.shift import Shift, shift


def example(x=20, y=10, w=12, h=8):
    image = torch.zeros(1, 1, 48, 60)
    image[0, 0, y : y + h, x : x + w] = 1
    target = torch.tensor([[1.0, (x + w / 2) / 60, (y + h / 2) / 48, w / 60, h / 48, 7.0]])
    return image, target


def box_of(image):
    rows, columns = torch.nonzero(image[0, 0], as_tuple=True)
    x0, x1, y0, y1 = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
    return torch.tensor([(x0 + x1) / 120, (y0 + y1) / 96, (x1 - x0) / 60, (y1 - y0) / 48])


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_the_box_follows_the_pixels(dx, dy):
    image, target = shift(*example(), torch.tensor([dx]), torch.tensor([dy]))
    assert torch.allclose(target[0, 1:5], box_of(image))
    assert torch.allclose(box_of(image)[:2], torch.tensor([(26 + dx) / 60, (14 + dy) / 48]))


def test_a_digit_is_not_pushed_over_the_edge():
    image, target = shift(*example(x=2, y=1), torch.tensor([-5]), torch.tensor([-5]))
    assert torch.allclose(box_of(image), torch.tensor([6 / 60, 4 / 48, 12 / 60, 8 / 48]))
    assert torch.allclose(target[0, 1:5], box_of(image))


def test_an_empty_canvas_moves_both_ways_and_stays_empty():
    image = torch.arange(48 * 60.0).reshape(1, 1, 48, 60)
    moved, target = shift(image, torch.zeros(1, 6), torch.tensor([-4]), torch.tensor([3]))
    assert torch.equal(moved[0, 0, 3:, :-4], image[0, 0, :-3, 4:])
    assert torch.equal(target, torch.zeros(1, 6))


def test_every_image_has_its_own_shift_and_the_originals_stay():
    images, targets = (torch.cat([part] * 64) for part in example())
    before = images.clone()
    torch.manual_seed(0)
    moved, _ = Shift(3)(images, targets)
    assert torch.equal(images, before)
    assert len({tuple(box_of(image[None]).tolist()) for image in moved}) > 20


def test_a_negative_reach_is_refused():
    with pytest.raises(BakeoffError, match=r"augment\.pixels is -1"):
        Shift(-1)


def test_all_boxes_of_a_canvas_move_together_until_the_first_touches_an_edge():
    left, one = example(x=3, y=10)
    right, two = example(x=40, y=30)
    nothing = torch.zeros(1, 6)
    boxes = torch.stack([one, nothing, two], dim=1)
    moved, after = shift(left + right, boxes, torch.tensor([-8]), torch.tensor([4]))
    by = torch.tensor([-3 / 60, 4 / 48])
    assert torch.allclose(after[0, :, 1:3] - boxes[0, :, 1:3], torch.stack([by, 0 * by, by]))
    assert torch.equal(moved[0, 0, 14, :25].nonzero().flatten(), torch.arange(0, 12))
    assert torch.equal(moved[0, 0, 34].nonzero().flatten(), torch.arange(37, 49))
