"""Digits on one canvas keep apart, wherever there is room."""

import numpy as np
import pytest

from bakeoff.errors import BakeoffError
from bakeoff.tasks.boxes.canvas import Pose, place_apart, ranks

HEIGHT, WIDTH = 48, 60


def pose(sizes: list[tuple[int, int]]) -> Pose:
    """Digits of (width, height) pixels around their centres."""
    half = np.array(sizes, float) / 2
    forward = np.tile(np.eye(2), (len(sizes), 1, 1))
    return Pose(forward, np.concatenate([-half, half], axis=1))


def overlaps(a: np.ndarray, b: np.ndarray) -> bool:
    return bool((a[:2] < b[2:]).all() and (b[:2] < a[2:]).all())


def test_ranks():
    assert ranks(np.array([0, 0, 0, 2, 5, 5])).tolist() == [0, 1, 2, 0, 0, 1]
    assert ranks(np.array([], int)).tolist() == []


def test_no_two_digits_of_a_canvas_overlap_and_none_leaves_it():
    rng = np.random.default_rng(0)
    canvas = np.repeat(np.arange(300), rng.integers(1, 5, 300))
    digits = pose(list(map(tuple, rng.integers(8, 28, (len(canvas), 2)))))
    centre, placed = place_apart(digits, canvas, HEIGHT, WIDTH, 20, rng)
    boxes = digits.extent + np.tile(centre, 2)
    assert boxes[:, :2].min() >= 0
    assert (boxes[:, 2:] <= [WIDTH, HEIGHT]).all()
    assert placed[ranks(canvas) == 0].all()
    assert 0.7 < placed.mean() < 1
    for number in range(300):
        there = boxes[(canvas == number) & placed]
        for i in range(len(there)):
            assert not any(overlaps(there[i], other) for other in there[:i])


def test_a_digit_without_room_is_left_out_and_takes_no_room():
    # The second cannot stand beside the first; the third can, if the second does not count.
    digits = pose([(40, 48), (30, 48), (8, 8)])
    for seed in range(30):
        rng = np.random.default_rng(seed)
        _, placed = place_apart(digits, np.zeros(3, int), HEIGHT, WIDTH, 200, rng)
        assert placed.tolist() == [True, False, True]


def test_a_digit_larger_than_the_canvas_is_refused():
    with pytest.raises(
        BakeoffError, match=r"a digit needs 50x20; .* data.height=50 data.width=60 are enough"
    ):
        place_apart(pose([(20, 50)]), np.zeros(1, int), HEIGHT, WIDTH, 5, np.random.default_rng(0))
