"""The MLP over words: against writing it out, with tied weights and without."""

import pytest
import torch
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.word_mlp import WordMLP


def word_mlp(outputs: int, tied: bool, words=9, hidden=(6,), dropout=0.0) -> WordMLP:
    torch.manual_seed(0)
    return WordMLP((4,), (outputs,), words, 3, list(hidden), dropout, tied, None, frozen=False)


def linears(net: nn.Module) -> list[nn.Linear]:
    return [layer for layer in net.modules() if isinstance(layer, nn.Linear)]


def test_it_is_the_vectors_side_by_side_then_layers_with_relu():
    net, ids = word_mlp(5, tied=False), torch.tensor([[1, 2, 3, 8], [0, 0, 7, 1]])
    first, second = linears(net)
    side_by_side = torch.stack([torch.cat([net.embedding.weight[i] for i in row]) for row in ids])
    hidden = (side_by_side @ first.weight.T + first.bias).clamp_min(0)
    assert torch.allclose(net(ids), hidden @ second.weight.T + second.bias, atol=1e-6)


def test_tied_scores_are_products_with_the_vectors():
    net, ids = word_mlp(9, tied=True), torch.tensor([[1, 2, 3, 8]])
    net.bias.data = torch.arange(9.0)
    expected = net.mlp(net.embedding(ids)) @ net.embedding.weight.T + torch.arange(9.0)
    assert torch.allclose(net(ids), expected, atol=1e-6)


def test_tying_saves_the_last_layer():
    tied, free = (sum(p.numel() for p in word_mlp(9, t).parameters()) for t in (True, False))
    # The MLP ends with 3 numbers instead of 9; the scores have a bias.
    assert free - tied == (6 + 1) * (9 - 3) - 9


def test_tying_needs_words_as_outputs():
    with pytest.raises(BakeoffError, match=r"model.tied is true: .*\(9 numbers\), .*\(12,\)"):
        word_mlp(12, tied=True)


def test_dropout_is_for_training():
    net, ids = word_mlp(5, tied=False, hidden=(200,), dropout=0.5), torch.tensor([[1, 2, 3, 4]])
    assert not torch.equal(net(ids), net(ids))
    net.eval()
    assert torch.equal(net(ids), net(ids))
