"""Multiplications of nets, worked out by hand."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from bakeoff.data.batches import Tensors
from bakeoff.nets.lenet5 import LeNet5
from bakeoff.nets.mlp import MLP
from bakeoff.nets.scratch import twins
from bakeoff.run.multiply_adds import multiply_adds


class Module(nn.Module):
    """As `Supervised`, a module around a net."""

    device = torch.device("cpu")

    def __init__(self, net) -> None:
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x)


def counted(net, *shape: int) -> int | None:
    data = SimpleNamespace(splits={"val": Tensors(torch.randn(3, *shape), torch.zeros(3))})
    return multiply_adds(Module(net), data)


class First(nn.Module):
    """The first output of a recurrent net."""

    def __init__(self, net) -> None:
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x)[0]


class Attention(nn.Module):
    def forward(self, x):
        return F.scaled_dot_product_attention(x, x, x)


@pytest.mark.parametrize(
    ("net", "shape", "expected"),
    [
        (nn.Linear(10, 20), (10,), 10 * 20),
        (nn.Conv2d(3, 6, 5), (3, 20, 20), 16 * 16 * 6 * 3 * 5 * 5),
        (First(nn.LSTM(16, 32, batch_first=True)), (8, 16), 8 * 4 * 32 * (16 + 32)),
        (First(nn.GRU(16, 32, batch_first=True)), (8, 16), 8 * 3 * 32 * (16 + 32)),
        (Attention(), (1, 8, 16), 2 * 8 * 8 * 16),
        (nn.ReLU(), (5,), 0),
    ],
)
def test_layers_by_hand(net, shape, expected):
    assert counted(net, *shape) == expected


@pytest.mark.parametrize(
    ("scratch", "own", "shape", "settings"),
    [
        (twins.mlp, MLP, (12,), {"hidden": [7], "activation": "relu", "batch_norm": False}),
        (twins.lenet5, LeNet5, (1, 28, 28), {"conv": [2, 3], "dense": [5]}),
    ],
)
def test_nets_with_gradients_by_hand_count_as_others(scratch, own, shape, settings):
    settings = {**settings, "input_shape": shape, "output_shape": (2,), "dropout": 0.0}
    count = counted(own(**settings), *shape)
    assert counted(scratch(**settings), *shape) == count > 0


def test_an_attention_layer_is_counted_in_evaluation_too():
    # Projections of 8 words to query, key, value and output, then two products of 8 x 8 pairs.
    layer = nn.TransformerEncoderLayer(16, 4, dim_feedforward=24, batch_first=True)
    expected = 8 * 4 * 16 * 16 + 2 * 8 * 8 * 16 + 2 * 8 * 16 * 24
    assert counted(layer, 8, 16) == expected


def test_what_cannot_be_counted_does_not_cost_the_run(caplog):
    assert counted(nn.Linear(3, 4), 5) is None
    assert "cannot be counted" in caplog.text


def test_settings_of_torch_are_as_before():
    before = torch.backends.mkldnn.enabled, torch.backends.mha.get_fastpath_enabled()
    net = MLP((4,), (2,), [3], "relu", 0.0, False).train()
    counted(net, 4)
    assert (torch.backends.mkldnn.enabled, torch.backends.mha.get_fastpath_enabled()) == before
    assert not net.training
