"""Mean and standard deviation of each channel, by hand and against NumPy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bakeoff.images.normalization import channel_statistics

IMAGES = arrays.arrays(np.uint8, st.tuples(*(st.integers(1, n) for n in (4, 3, 5, 6))))


def test_channels_are_apart():
    images = torch.zeros(2, 3, 1, 2, dtype=torch.uint8)
    images[:, 1] = torch.tensor([0, 10], dtype=torch.uint8)
    images[0, 2], images[1, 2] = 100, 200
    mean, std = channel_statistics(images)
    assert mean.flatten().tolist() == [0, 5, 150]
    assert std.flatten()[1:].tolist() == [5, 50]


@given(IMAGES)
def test_it_is_numpys_mean_and_deviation_of_the_population(images):
    mean, std = channel_statistics(torch.from_numpy(images))
    assert mean.shape == std.shape == (images.shape[1], 1, 1)
    assert mean.dtype == std.dtype == torch.float32
    assert mean.flatten().numpy() == pytest.approx(images.mean(axis=(0, 2, 3)), rel=1e-6)
    expected = np.maximum(images.std(axis=(0, 2, 3)), 1)
    assert std.flatten().numpy() == pytest.approx(expected, rel=1e-6)


def test_a_channel_of_one_value_is_divided_by_one_level():
    mean, std = channel_statistics(torch.full((2, 1, 3, 3), 9, dtype=torch.uint8))
    assert (float(mean), float(std)) == (9, 1)
