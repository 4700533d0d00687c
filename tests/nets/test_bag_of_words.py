"""The bag of words is a mean and a matrix."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.nets.bag_of_words import BagOfWords


def bag() -> BagOfWords:
    torch.manual_seed(0)
    return BagOfWords((4,), (5,), 9, 3, None, frozen=False)


def test_it_is_written_out():
    net, ids = bag(), torch.tensor([[1, 2, 2, 8]])
    vectors = net.embedding.weight
    mean = (vectors[1] + 2 * vectors[2] + vectors[8]) / 4
    assert torch.allclose(net(ids)[0], net.output.weight @ mean + net.output.bias, atol=1e-6)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.permutations([1, 2, 2, 8]))
def test_the_order_does_not_count(order):
    net = bag()
    assert torch.allclose(net(torch.tensor([order])), net(torch.tensor([[1, 2, 2, 8]])), atol=1e-6)
