"""What the nets over words have in common: shapes, gradients, vectors that stay or learn."""

import pytest
import torch
from torch import nn

from bakeoff.nets.bag_of_words import BagOfWords
from bakeoff.nets.word_attention import WordAttention
from bakeoff.nets.word_mlp import WordMLP
from bakeoff.nets.word_rnn import TwoLSTMs, WordLSTM

WORDS, OUTPUTS, DIMENSION, CONTEXT = 11, 3, 4, 5
NETS = {
    BagOfWords: {},
    WordMLP: {"hidden": [6], "dropout": 0.0, "tied": False},
    WordLSTM: {"layers": 2, "hidden": 6, "dropout": 0.0},
    TwoLSTMs: {"before": 2, "layers": 1, "hidden": 6, "dropout": 0.0},
    WordAttention: {"width": 8, "heads": 2, "layers": 1, "dropout": 0.0},
}
every_net = pytest.mark.parametrize("kind", NETS, ids=lambda kind: kind.__name__)


def net_of(
    kind: type[nn.Module], context=CONTEXT, embedding=None, frozen=False, **more
) -> nn.Module:
    torch.manual_seed(0)
    return kind(
        input_shape=(context,),
        output_shape=(OUTPUTS,),
        vocabulary_size=WORDS,
        dimension=DIMENSION,
        embedding=embedding,
        frozen=frozen,
        **NETS[kind] | more,
    )


def contexts(count=7) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(0, WORDS, (count, CONTEXT), dtype=torch.int32, generator=generator)


@every_net
def test_a_score_for_each_output_and_rows_do_not_mix(kind):
    net, ids = net_of(kind).eval(), contexts()
    output = net(ids)
    assert output.shape == (7, OUTPUTS)
    assert torch.allclose(net(ids[2:3]), output[2:3], atol=1e-6)


@every_net
def test_every_parameter_learns(kind):
    net = net_of(kind)
    net(contexts()).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


@every_net
@pytest.mark.parametrize("frozen", [True, False])
def test_frozen_vectors_stay_and_others_learn(kind, frozen):
    table = torch.randn(WORDS, DIMENSION, generator=torch.Generator().manual_seed(2))
    net = net_of(kind, embedding=table, frozen=frozen)
    before = [p.detach().clone() for p in net.parameters()]
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(contexts()), torch.arange(7) % OUTPUTS).backward()
        optimizer.step()
    assert torch.equal(net.embedding.weight, table) is frozen
    changed = [not torch.equal(p, old) for p, old in zip(net.parameters(), before, strict=True)]
    assert sum(changed) == len(changed) - frozen


@every_net
def test_order_counts_for_all_but_the_bag_of_words(kind):
    net, ids = net_of(kind).eval(), torch.tensor([[1, 2, 3, 4, 5], [5, 3, 1, 2, 4]])
    first, second = net(ids)
    assert torch.allclose(first, second, atol=1e-6) is (kind is BagOfWords)
