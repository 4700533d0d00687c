"""Mean and standard deviation of training inputs, by hand and against NumPy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bakeoff.data.normalization import value_statistics

BYTES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(2, 9)))


def test_mean_and_deviation_of_the_population_by_hand():
    # 0, 0, 6, 6: mean 3, every value 3 away; of a sample of four it would be 3.46.
    for values in (torch.tensor([[0, 6], [6, 0]], dtype=torch.uint8), torch.tensor([0.0, 6, 6, 0])):
        mean, std = value_statistics(values)
        assert (float(mean), float(std)) == (3, 3)
        assert (mean.dtype, std.dtype, mean.shape, std.shape) == (
            *(torch.float32, torch.float32),
            *(torch.Size(), torch.Size()),
        )


@given(BYTES.filter(lambda values: np.ptp(values) > 0))
def test_bytes_are_counted_as_numpy_averages_them(values):
    mean, std = value_statistics(torch.from_numpy(values))
    assert float(mean) == pytest.approx(values.mean(), rel=1e-6)
    assert float(std) == pytest.approx(values.std(), rel=1e-6)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_inputs_of_a_single_value_do_not_become_infinite(dtype):
    mean, std = value_statistics(torch.full((3, 2), 7, dtype=dtype))
    assert (float(mean), float(std)) == (7, 1)
