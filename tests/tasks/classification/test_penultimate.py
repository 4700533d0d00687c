"""The input of the last layer with weights."""

import torch
from torch import nn

from bakeoff.nets.scratch.twins import mlp
from bakeoff.tasks.classification.penultimate import penultimate

X = torch.rand(3, 4, generator=torch.Generator().manual_seed(0))


def test_it_is_what_the_last_layer_gets():
    first, last = nn.Linear(4, 5), nn.Linear(5, 2)
    net = nn.Sequential(first, nn.ReLU(), nn.LayerNorm(5), nn.Dropout(0.0), last, nn.Identity())
    features, output = penultimate(net, lambda: net(X))
    assert torch.equal(features, net[:3](X)) and not features.requires_grad
    assert torch.equal(output, net(X))
    assert not any(layer._forward_pre_hooks for layer in net.modules())


def test_the_order_of_calls_counts_not_that_of_declaration():
    class Reversed(nn.Module):
        def __init__(self):
            super().__init__()
            self.last, self.first = nn.Linear(5, 2), nn.Conv1d(1, 5, 4)

        def forward(self, x):
            return self.last(self.first(x[:, None]).flatten(1))

    net = Reversed()
    features, _ = penultimate(net, lambda: net(X))
    assert torch.equal(features, net.first(X[:, None]).flatten(1))


def test_a_net_with_hand_written_gradients_has_it_too():
    net = mlp(
        input_shape=(4,),
        output_shape=(2,),
        hidden=[5],
        activation="tanh",
        dropout=0.0,
        batch_norm=False,
    )
    features, _ = penultimate(net, lambda: net(X))
    assert features.shape == (3, 5)


def test_a_net_that_calls_no_layer_has_none():
    class Bare(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(4, 2))

        def forward(self, x):
            return x @ self.weight

    net = Bare()
    layer = nn.Linear(1, 1)  # gets no batch of images
    assert penultimate(nn.ModuleList([layer]), lambda: layer(torch.ones(1)) + net(X))[0] is None
    assert penultimate(nn.Sequential(), lambda: net(X))[0] is None
