"""Reordering of carried state."""

import pytest
import torch
from torch import tensor

from bakeoff.text.step import rows, spread


def test_every_part_of_a_state_is_reordered():
    a, b = tensor([[1, 1], [2, 2], [3, 3]]), tensor([1.0, 2.0, 3.0])
    state = {"lstm": (a, [b, None])}
    got = rows(state, tensor([2, 0, 0, 1]))
    (a, (b, nothing)) = got["lstm"]
    assert isinstance(got["lstm"], tuple)
    assert a.tolist() == [[3, 3], [1, 1], [1, 1], [2, 2]]
    assert b.tolist() == [3, 1, 1, 2]
    assert nothing is None


def test_spread_puts_copies_side_by_side():
    log_probs, state = spread(tensor([[0.1, 0.9], [0.2, 0.8]]), (torch.arange(2),), 3)
    assert log_probs[:, 0].tolist() == pytest.approx([0.1] * 3 + [0.2] * 3)
    assert state[0].tolist() == [0, 0, 0, 1, 1, 1]
