"""LSTMs and GRUs that are written out give what torch's own give."""

from functools import partial

import pytest
import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

from bakeoff.fused.recurrent import read, refusals, write_out

KINDS = {"lstm": nn.LSTM, "gru": nn.GRU}
assert_equal = partial(torch.testing.assert_close, rtol=1e-12, atol=1e-12)


def made(kind, seed=0, **settings):
    torch.manual_seed(seed)
    return KINDS[kind](3, 4, num_layers=2, **settings).double()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [{"batch_first": True}, {"batch_first": False, "bias": False}])
def test_outputs_states_and_gradients_are_torchs(kind, settings):
    net = made(kind, **settings)
    x = torch.randn(5, 6, 3, dtype=torch.float64)
    expected, state = net(x)
    assert_equal(read(net, x), (expected, state))
    assert_equal(read(net, x, state), net(x, state))
    gradients = torch.autograd.grad(expected.square().sum(), list(net.parameters()))
    assert_equal(
        torch.autograd.grad(read(net, x)[0].square().sum(), list(net.parameters())), gradients
    )


@pytest.mark.parametrize("kind", KINDS)
def test_several_nets_are_stacked(kind):
    nets = [made(kind, seed, batch_first=True) for seed in range(3)]
    x = torch.randn(3, 5, 6, 3, dtype=torch.float64)
    parameters, buffers = stack_module_state(nets)
    one = made(kind, batch_first=True)
    write_out(one)
    found = vmap(lambda own, inputs: functional_call(one, own, (inputs,))[0])(
        {**parameters, **buffers}, x
    )
    for net, inputs, outputs in zip(nets, x, found, strict=True):
        assert_equal(outputs, net(inputs)[0])


def test_a_sequence_that_is_no_batch_is_refused():
    with pytest.raises(ValueError, match="batch of sequences"):
        read(made("lstm"), torch.zeros(6, 3, dtype=torch.float64))


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (nn.RNN(2, 2), "RNN is not written out"),
        (nn.GRU(2, 2, bidirectional=True), "both directions"),
        (nn.LSTM(2, 2, proj_size=1), "projection"),
        (nn.LSTM(2, 2, num_layers=2, dropout=0.1), "its own dropout"),
    ],
)
def test_what_cannot_be_written_out_says_why(layer, reason):
    assert reason in "; ".join(refusals(nn.Sequential(layer)))


def test_layers_that_can_be_written_out_are_no_obstacle():
    assert not list(refusals(nn.Sequential(nn.LSTM(2, 2, num_layers=2), nn.GRU(2, 2))))
