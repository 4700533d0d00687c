"""What was drawn is drawn again from the same states."""

import random

import numpy as np
import torch

from bakeoff.run.random_states import random_states, set_random_states


def test_random_states_come_back():
    before = random_states()

    def draw():
        return random.random(), np.random.rand(), float(torch.rand(()))  # noqa: NPY002

    first = draw()
    assert draw() != first
    set_random_states(before)
    assert draw() == first
