"""What the probe measures."""

import pytest
import torch

from bakeoff.probe import sparsity


def test_sparsity_by_hand():
    weights = torch.tensor([[0.0, 5e-4], [1e-3, -2.0]])
    vector = torch.zeros(10)  # a bias does not count
    assert sparsity([weights, vector], 1e-3) == 0.5
    assert sparsity([weights, torch.zeros(1, 2, 1, 1)], 1e-3) == pytest.approx(4 / 6)
    assert sparsity([], 1e-3) == 0
