"""What was drawn is drawn again from the same states."""

import random

import numpy as np
import torch

from bakeoff.run.hooks.random_states import random_states, set_random_states


def draw():
    return random.random(), np.random.rand(), float(torch.rand(()))  # noqa: NPY002


def test_random_states_come_back():
    before = random_states()
    first = draw()
    assert draw() != first
    set_random_states(before)
    assert draw() == first


def test_states_of_older_checkpoints_come_back():
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002
    before = {
        "python": random.getstate(),
        "numpy": (kind, keys.tolist(), *rest),
        "torch": torch.get_rng_state(),
        "cuda": [],
    }
    first = draw()
    set_random_states(before)
    assert draw() == first
