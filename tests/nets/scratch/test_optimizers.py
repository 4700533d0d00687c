"""200 steps by hand equal autograd with torch.optim, step for step, within 1e-9."""

import copy
import inspect
from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.nets.mlp import MLP
from bakeoff.nets.scratch.losses import cross_entropy
from bakeoff.nets.scratch.optimizers import BY_HAND, SGD, by_hand
from bakeoff.nets.scratch.twins import twin
from bakeoff.run.regularization import Regularization, penalty

SGD_SETTINGS = [
    {"lr": 0.1},
    {"lr": 0.1, "weight_decay": 0.01},
    {"lr": 0.05, "momentum": 0.9},
    {"lr": 0.05, "momentum": 0.9, "dampening": 0.5, "weight_decay": 0.01},
    {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True},
]
ADAM_SETTINGS = [
    {"lr": 0.01},
    {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.05, "fused": False},
]
CASES = [
    *((torch.optim.SGD, settings) for settings in SGD_SETTINGS),
    *((kind, s) for kind in (torch.optim.Adam, torch.optim.AdamW) for s in ADAM_SETTINGS),
]


def pair(activation="tanh"):
    torch.manual_seed(0)
    net = MLP((6,), (3,), [7, 5], activation, 0.0, False).double()
    return net, twin(net.layers)


def batches(count):
    generator = torch.Generator().manual_seed(1)
    for _ in range(count):
        x = torch.randn(8, 6, dtype=torch.float64, generator=generator)
        yield x, torch.randint(0, 3, (8,), generator=generator)


@pytest.mark.parametrize(("kind", "settings"), CASES, ids=lambda case: str(case))
@pytest.mark.parametrize("scheduled", [False, True], ids=["constant", "one cycle"])
def test_200_steps_equal_autograd_and_torch_optim(kind, settings, scheduled):
    net, own = pair()
    optimizers = kind(net.parameters(), **settings), own.optimizer(partial(kind, **settings))
    schedule = partial(torch.optim.lr_scheduler.OneCycleLR, max_lr=settings["lr"], total_steps=200)
    schedulers = [schedule(o, cycle_momentum=False) for o in optimizers] if scheduled else []
    for x, y in batches(200):
        for optimizer in optimizers:
            optimizer.zero_grad()
        expected = F.cross_entropy(net(x), y)
        expected.backward()
        loss, delta = cross_entropy(own(x), y)
        own.backward(delta)
        for stepped in (*optimizers, *schedulers):
            stepped.step()
        assert float(loss) == pytest.approx(float(expected.detach()), abs=1e-9)
        torch.testing.assert_close(
            own.vector, nn.utils.parameters_to_vector(net.parameters()).detach(), rtol=0, atol=1e-9
        )


@pytest.mark.parametrize(("l1", "l2"), [(1e-2, 0.0), (0.0, 1e-2), (3e-3, 2e-2)])
def test_200_steps_with_coupled_regularization_equal_autograd_of_the_penalty(l1, l2):
    net, own = pair("relu")
    theirs = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    ours = own.optimizer(partial(torch.optim.SGD, lr=0.05, momentum=0.9))
    regularization = Regularization(l1, l2, decoupled=False)
    for x, y in batches(200):
        theirs.zero_grad()
        penalties = torch.stack([penalty(p, l1, l2) for p in net.parameters()]).sum()
        (F.cross_entropy(net(x), y) + penalties).backward()
        theirs.step()
        ours.zero_grad()
        own.backward(cross_entropy(own(x), y)[1])
        regularization.before_step(ours)
        ours.step()
        regularization.after_step(ours)
        vector = nn.utils.parameters_to_vector(net.parameters()).detach()
        torch.testing.assert_close(own.vector, vector, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", BY_HAND)
def test_defaults_are_those_of_torch(kind):
    own, theirs = (
        {name: p.default for name, p in inspect.signature(made).parameters.items()}
        for made in (BY_HAND[kind], kind)
    )
    assert own == {name: theirs[name] for name in own}


def test_the_state_survives_saving():
    _, own = pair()
    _, restored = pair()
    make = partial(torch.optim.Adam, lr=0.01)
    first, second = own.optimizer(make), restored.optimizer(make)
    for number, (x, y) in enumerate(batches(10)):
        if number == 5:
            restored.load_state_dict(own.state_dict())
            second.load_state_dict(copy.deepcopy(first.state_dict()))
        for net, optimizer in ((own, first), (restored, second)):
            optimizer.zero_grad()
            net.backward(cross_entropy(net(x), y)[1])
            optimizer.step()
    assert torch.equal(own.vector, restored.vector)


def test_how_torch_computes_is_left_out():
    made = by_hand(partial(torch.optim.SGD, lr=0.1, fused=True, foreach=None))
    assert made.func is SGD
    assert made.keywords == {"lr": 0.1}


def test_what_is_not_written_by_hand_is_named():
    with pytest.raises(BakeoffError, match=r"RMSprop is not written by hand.*SGD, Adam, AdamW"):
        by_hand(partial(torch.optim.RMSprop, lr=0.1))
    with pytest.raises(BakeoffError, match=r"Adam has no \{'amsgrad': True\}"):
        by_hand(partial(torch.optim.Adam, amsgrad=True))
    assert by_hand(partial(torch.optim.Adam, amsgrad=False)).keywords == {}


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (torch.optim.SGD, {"lr": -0.1}, r"optimizer: \{'lr': -0.1\}: expected 0 or more"),
        (torch.optim.SGD, {"weight_decay": -1.0}, r"'weight_decay': -1.0"),
        (torch.optim.AdamW, {"weight_decay": -1.0}, r"'weight_decay': -1.0"),
        (
            torch.optim.Adam,
            {"betas": (0.9, 1.0)},
            r"betas is \[0.9, 1.0\]: expected two numbers in",
        ),
    ],
)
def test_settings_that_torch_refuses_are_refused(kind, settings, message):
    _, own = pair()
    with pytest.raises(ValueError, match="Invalid"):
        kind([torch.zeros(1)], **settings)
    with pytest.raises(BakeoffError, match=message):
        own.optimizer(partial(kind, **settings))


def test_nesterov_needs_momentum():
    _, own = pair()
    with pytest.raises(BakeoffError, match="needs a momentum above 0"):
        own.optimizer(partial(torch.optim.SGD, lr=0.1, nesterov=True))
