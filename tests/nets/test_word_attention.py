"""Attention over words: positions are what tells order."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.nets.word_attention import WordAttention


def attention(width=8, heads=2) -> WordAttention:
    torch.manual_seed(0)
    return WordAttention((4,), (3,), 9, 4, width, heads, 1, 0.0, None, frozen=False).eval()


def test_order_counts_by_positions_alone():
    net, ids, turned = attention(), torch.tensor([[1, 2, 3, 4]]), torch.tensor([[4, 3, 2, 1]])
    assert not torch.allclose(net(ids), net(turned), atol=1e-4)
    with torch.no_grad():
        net.positions[:4] = 0
    assert torch.allclose(net(ids), net(turned), atol=1e-6)


def test_the_gap_has_a_position_and_no_word():
    net = attention()
    assert net.positions.shape == (5, 8)
    net(torch.tensor([[1, 2, 3, 4]])).sum().backward()
    assert net.positions.grad[4].abs().sum() > 0


def test_heads_divide_the_width():
    with pytest.raises(
        BakeoffError, match=r"model.width is 8: expected a multiple of model.heads=3"
    ):
        attention(heads=3)
