"""The net as a whole: gradients, no autograd, one vector, PyTorch's customs."""

import copy
import pickle
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import bakeoff.nets.scratch
from bakeoff.nets.lenet5 import LeNet5
from bakeoff.nets.mlp import MLP
from bakeoff.nets.scratch.losses import cross_entropy, mean_squared_error
from bakeoff.nets.scratch.twins import twin


def nets():
    torch.manual_seed(0)
    for activation in ("identity", "sigmoid", "tanh", "relu"):
        yield (5,), MLP((5,), (4,), [7, 3], activation, 0.0, False)
    yield (2, 20, 17), LeNet5((2, 20, 17), (4,), [3, 4], [6], 0.0)
    yield (1, 12, 10), MLP((1, 12, 10), (4,), [], "relu", 0.3, False)
    yield (2, 16, 16), LeNet5((2, 16, 16), (4,), [3], [6, 5], 0.4)


@pytest.mark.parametrize(("shape", "net"), list(nets()), ids=lambda case: type(case).__name__)
def test_gradients_of_whole_nets_equal_autograds(shape, net):
    net = net.double()
    own = twin(net.layers)
    x = torch.randn(6, *shape, dtype=torch.float64)
    labels, values = torch.randint(0, 4, (6,)), torch.randn(6, 4, dtype=torch.float64)
    for ours, theirs, target in (
        (cross_entropy, F.cross_entropy, labels),
        (mean_squared_error, F.mse_loss, values),
    ):
        net.zero_grad()
        torch.manual_seed(1)  # of dropout
        theirs(net(x), target).backward()
        torch.manual_seed(1)
        own.vector.grad = None
        own.backward(ours(own(x), target)[1])
        expected = torch.cat([p.grad.reshape(-1) for p in net.parameters()])
        torch.testing.assert_close(own.vector.grad, expected, rtol=0, atol=1e-10)


def test_autograd_records_nothing_and_is_never_called(monkeypatch):
    def refuse(*_):
        raise AssertionError("autograd was used")

    monkeypatch.setattr(torch.autograd, "backward", refuse)
    monkeypatch.setattr(torch.autograd, "grad", refuse)
    own = twin(LeNet5((1, 16, 16), (3,), [4], [8], 0.2).layers)
    optimizer = own.optimizer(partial(torch.optim.SGD, lr=0.1, momentum=0.9))
    # Even where a graph could be recorded: gradients enabled, for an input that asks for one.
    x = torch.randn(4, 1, 16, 16, requires_grad=True)
    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(refuse, refuse):
        output = own(x)
        loss, delta = cross_entropy(output, torch.tensor([0, 1, 2, 0]))
        own.backward(delta)
        optimizer.step()
    tensors = [output, loss, delta, own.vector, own.vector.grad, *own.parameters()]
    assert all(t.grad_fn is None and not t.requires_grad for t in tensors)
    assert x.grad is None


def test_no_source_file_asks_for_autograd():
    for path in Path(bakeoff.nets.scratch.__path__[0]).glob("*.py"):
        text = path.read_text()
        assert "autograd." not in text, path
        assert "requires_grad=True" not in text, path
        assert "requires_grad_" not in text, path


def test_parameters_and_gradients_are_views_of_one_vector():
    _, net = next(nets())
    own = twin(net.layers)
    own.vector.fill_(2)
    assert all(bool((p == 2).all()) for p in own.parameters())
    assert own.vector.numel() == sum(p.numel() for p in own.parameters())


@pytest.mark.parametrize(
    "moved",
    [
        copy.deepcopy,
        lambda net: pickle.loads(pickle.dumps(net)),
        lambda net: net.double(),
        lambda net: net.to(memory_format=torch.channels_last),
    ],
    ids=["deepcopy", "pickle", "double", "channels_last"],
)
def test_they_still_are_after_their_memory_has_changed(moved):
    torch.manual_seed(0)
    own = twin(LeNet5((2, 16, 16), (3,), [4], [5], 0.0).layers)
    x = torch.randn(3, 2, 16, 16)
    expected = own(x)
    own = moved(own)
    x = x.to(own.vector.dtype)
    torch.testing.assert_close(own(x).float(), expected)
    own.backward(own(x))
    own.vector.sub_(own.vector.grad)
    assert all(torch.equal(p, q) for p, q in zip(own.parameters(), _views(own), strict=True))
    assert not torch.equal(own(x).float(), expected)


def _views(own):
    start = 0
    for p in own.parameters():
        yield own.vector[start : start + p.numel()].view(p.shape)
        start += p.numel()


def test_gradients_add_up_until_zero_grad():
    _, net = next(nets())
    own = twin(net.layers)
    optimizer = own.optimizer(partial(torch.optim.SGD, lr=0.1))
    x, delta = torch.randn(4, 5), torch.randn(4, 4)
    own(x)
    own.backward(delta)
    once = own.vector.grad.clone()
    own(x)
    own.backward(delta)
    torch.testing.assert_close(own.vector.grad, 2 * once)
    optimizer.zero_grad()
    own(x)
    own.backward(delta)
    torch.testing.assert_close(own.vector.grad, once)


def test_weights_go_from_one_twin_to_the_other():
    _, net = next(nets())
    own = twin(net.layers)
    own.vector.mul_(0.5)
    net.load_state_dict(own.state_dict())
    x = torch.randn(4, 5)
    torch.testing.assert_close(net(x).detach(), own(x))
    assert isinstance(net.layers[1], nn.Linear)
