"""The multi-layer perceptron of PyTorch layers."""

import itertools

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.nets.mlp import MLP

SETTINGS = {
    "input_shape": (3, 32, 32),
    "output_shape": (2,),
    "hidden": [512, 256, 128, 32],
    "activation": "relu",
    "dropout": 0.0,
    "batch_norm": False,
}


def test_its_parameters_are_those_of_the_widths():
    widths = [3072, 512, 256, 128, 32, 2]
    expected = sum((a + 1) * b for a, b in itertools.pairwise(widths))
    net = MLP(**SETTINGS)
    assert sum(p.numel() for p in net.parameters()) == expected
    assert net(torch.zeros(5, 3, 32, 32)).shape == (5, 2)


def test_without_hidden_layers_it_is_linear():
    net = MLP(**SETTINGS | {"hidden": []})
    x = torch.randn(4, 3, 32, 32)
    torch.testing.assert_close(net(2 * x) - net(x), net(x) - net(torch.zeros_like(x)))


def test_batch_norm_and_dropout_follow_each_linear_layer():
    net = MLP(
        **SETTINGS | {"hidden": [8], "dropout": 0.5, "batch_norm": True, "activation": "tanh"}
    )
    names = [type(layer).__name__ for layer in net.layers]
    assert names == ["Flatten", "Linear", "BatchNorm1d", "Tanh", "Dropout", "Linear"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"activation": "rellu"}, "activation is 'rellu': expected one of .*mean 'relu'"),
        ({"hidden": [8, 0]}, r"model.hidden is \[8, 0\]: expected widths of 1 or more"),
        ({"dropout": 1.0}, "dropout is 1.0: expected a share"),
        ({"output_shape": (2, 3, 7)}, r"expects the shape \(2, 3, 7\)"),
    ],
)
def test_mistakes_are_named(change, message):
    with pytest.raises(BakeoffError, match=message):
        MLP(**SETTINGS | change)
