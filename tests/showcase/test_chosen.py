"""The images that a picture shows."""

import torch

from bakeoff.showcase.chosen import drawn_and_worst

WORST_FIRST = torch.tensor([3, 1, 4, 0, 2, 5])


def test_the_worst_come_in_their_order():
    _, worst = drawn_and_worst(WORST_FIRST, 2, seed=0)
    assert worst.tolist() == [3, 1]


def test_the_drawn_are_different_images_and_follow_the_seed():
    draws = {tuple(drawn_and_worst(WORST_FIRST, 3, seed)[0].tolist()) for seed in range(20)}
    assert len(draws) > 5
    assert all(len(set(images)) == 3 for images in draws)
    first, again = (drawn_and_worst(WORST_FIRST, 3, seed=7)[0] for _ in range(2))
    assert torch.equal(first, again)


def test_all_are_shown_where_there_are_fewer():
    drawn, worst = drawn_and_worst(WORST_FIRST, 9, seed=0)
    assert sorted(drawn.tolist()) == sorted(worst.tolist()) == list(range(6))
