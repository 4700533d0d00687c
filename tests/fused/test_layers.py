"""Nets that are written out for several at once give what each gives alone."""

import copy

import pytest
import torch
from torch import nn

from bakeoff.fused.layers import written_out
from bakeoff.fused.pay import without_dropout
from bakeoff.fused.stack import Stack
from bakeoff.fused.step import StackedNet
from bakeoff.nets.mlp import MLP
from bakeoff.nets.word_mlp import WordMLP


def mlp(activation="relu", **settings):
    plain = {"dropout": 0.0, "batch_norm": False} | settings
    return MLP((1, 2, 3), (4,), (5, 3), activation, **plain)


def word_mlp(tied):
    return WordMLP((3,), (7,), 7, 4, (5,), 0.0, tied, None, False)


def mlp_that_drops_nothing():
    """As its time is measured."""
    return without_dropout(mlp(dropout=0.5))


NETS = {
    "mlp": mlp,
    "mlp that drops nothing": mlp_that_drops_nothing,
    "tanh and batch norm": lambda: mlp("tanh", batch_norm=True),
    "words": lambda: word_mlp(False),
    "tied words": lambda: word_mlp(True),
}


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("training", [True, False])
def test_outputs_gradients_and_buffers_are_those_of_each_net(name, training):
    torch.manual_seed(0)
    nets = [NETS[name]().double().train(training) for _ in range(3)]
    shape = (3, 8, 3) if "words" in name else (3, 8, 1, 2, 3)
    x = torch.randint(0, 7, shape) if "words" in name else torch.randn(shape).double()
    alone = copy.deepcopy(nets)
    expected = torch.stack([net(inputs) for net, inputs in zip(alone, x, strict=True)])
    stack = Stack(nets)
    found = written_out(nets[0])({**stack.trained, **stack.buffers}, x)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)
    gradients = stack.gradients(found.square().flatten(1).sum(1))
    expected.square().sum().backward()
    for net, row in zip(alone, gradients, strict=True):
        own = torch.cat([p.grad.flatten() for p in net.parameters()])
        torch.testing.assert_close(row, own, rtol=1e-10, atol=1e-10)
    for net, own in zip(alone, nets, strict=True):
        for before, after in zip(net.buffers(), own.buffers(), strict=True):
            torch.testing.assert_close(after, before, rtol=1e-12, atol=1e-12)


def test_dropped_activations_are_those_of_the_masks():
    torch.manual_seed(0)
    net = mlp(dropout=0.5).double()
    names = [n for n, m in net.named_modules() if isinstance(m, nn.Dropout)]
    stack = Stack([copy.deepcopy(net) for _ in range(2)])
    x = torch.randn(2, 8, 1, 2, 3).double()
    zeros = [torch.zeros(2, 8, width).double() for width in (5, 3)]
    found = StackedNet(net, names)(stack, zeros, x)
    torch.testing.assert_close(found, stack.trained["layers.7.bias"].unsqueeze(1).expand(2, 8, 4))


def test_nets_of_another_structure_are_left_to_vmap():
    class Own(MLP):
        def forward(self, x):
            return 2 * super().forward(x)

    assert written_out(Own((1, 2, 3), (4,), (5,), "relu", 0.0, False)) is None
    assert written_out(nn.Sequential(nn.Linear(2, 2))) is None
    assert written_out(mlp(dropout=0.5)) is None  # draws masks of its own
