"""PyTorch nets as hand-differentiated ones."""

import pytest
import torch
from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.lenet5 import LeNet5
from bakeoff.nets.mlp import MLP
from bakeoff.nets.scratch.twins import in_pytorch, lenet5, mlp, twin

MLP_SETTINGS = {
    "input_shape": (1, 8, 8),
    "output_shape": (10,),
    "hidden": [16, 12],
    "activation": "relu",
    "dropout": 0.5,
    "batch_norm": False,
}
LENET5_SETTINGS = {
    "input_shape": (1, 28, 28),
    "output_shape": (10,),
    "conv": [6, 16],
    "dense": [120, 84],
    "dropout": 0.1,
}


@pytest.mark.parametrize(
    ("own", "net", "settings"),
    [(mlp, MLP, MLP_SETTINGS), (lenet5, LeNet5, LENET5_SETTINGS)],
)
def test_a_seed_gives_both_the_same_weights_and_leaves_the_same_random_numbers(own, net, settings):
    torch.manual_seed(3)
    ours, after = own(**settings), torch.rand(())
    torch.manual_seed(3)
    theirs, then = net(**settings), torch.rand(())
    assert torch.equal(after, then)
    expected = theirs.state_dict()
    assert list(ours.state_dict()) == list(expected)
    assert all(torch.equal(value, expected[name]) for name, value in ours.state_dict().items())
    x = torch.randn(2, *settings["input_shape"])
    torch.testing.assert_close(ours.eval()(x), theirs.eval()(x).detach())


@pytest.mark.parametrize(
    "net",
    [
        LeNet5(**LENET5_SETTINGS).layers,
        *(MLP(**MLP_SETTINGS | {"activation": a}).layers for a in ("identity", "sigmoid", "tanh")),
    ],
    ids=["lenet5", "identity", "sigmoid", "tanh"],
)
def test_the_way_back_gives_the_same_net(net):
    back = in_pytorch(twin(net).double())
    assert str(back) == str(net)
    expected = net.state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in back.state_dict().items())
    assert all(p.requires_grad and p.dtype == torch.float64 for p in back.parameters())


@pytest.mark.parametrize(
    "layer",
    [
        nn.BatchNorm1d(3),
        nn.Linear(3, 2, bias=False),
        nn.Conv2d(1, 2, 3, padding=1),
        nn.Conv2d(2, 2, 3, groups=2),
        nn.MaxPool2d(3, stride=2),
        nn.MaxPool2d(2, ceil_mode=True),
    ],
    ids=str,
)
def test_what_is_not_written_by_hand_is_named(layer):
    with pytest.raises(
        BakeoffError, match="is not written by hand: a scratch model is made of Lin"
    ):
        twin(nn.Sequential(nn.Linear(2, 3), layer))
