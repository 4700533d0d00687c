"""Recurrent nets over contexts against reading them word by word."""

import pytest
import torch
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.word_rnn import TwoLSTMs, WordLSTM

IDS = torch.tensor([[1, 2, 3, 4, 5], [5, 5, 0, 1, 8]])


def two(before: int, dropout=0.0) -> TwoLSTMs:
    torch.manual_seed(0)
    return TwoLSTMs((5,), (3,), 9, before, 4, 1, 6, dropout, None, frozen=False)


def last_state(lstm: nn.LSTM, vectors: Tensor) -> Tensor:
    """The formulas of torch's LSTM for one layer, vectors (B, words, D)."""
    h = c = torch.zeros(len(vectors), lstm.hidden_size)
    for x in vectors.unbind(dim=1):
        gates = (
            x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + h @ lstm.weight_hh_l0.T + lstm.bias_hh_l0
        )
        i, f, g, o = gates.chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    return h


def test_the_last_state_is_read_off():
    torch.manual_seed(0)
    net = WordLSTM((5,), (3,), 9, 4, 1, 6, 0.0, None, frozen=False)
    expected = net.output(last_state(net.lstm, net.embedding(IDS)))
    assert torch.allclose(net(IDS), expected, atol=1e-6)


@pytest.mark.parametrize("before", [1, 2, 4])
def test_both_sides_are_read_towards_the_gap(before):
    net = two(before)
    vectors = net.embedding(IDS)
    left = last_state(net.left, vectors[:, :before])
    right = last_state(net.right, torch.stack([vectors[:, i] for i in range(4, before - 1, -1)], 1))
    assert torch.allclose(net(IDS), net.output(torch.cat([left, right], dim=1)), atol=1e-6)


@pytest.mark.parametrize("before", [0, 5])
def test_a_side_without_words_is_refused(before):
    with pytest.raises(BakeoffError, match=f"got {before} before and {5 - before} after"):
        two(before)


def test_dropout_is_for_training():
    net = two(2, dropout=0.5)
    assert not torch.equal(net(IDS), net(IDS))
    net.eval()
    assert torch.equal(net(IDS), net(IDS))
