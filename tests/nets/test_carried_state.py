"""One way to call nets that carry a state and nets that do not."""

import torch
from torch import nn, tensor

from bakeoff.nets.carried_state import carries, each, read


class Sum(nn.Module):
    """Adds up what it has read."""

    carries = True

    def forward(self, x, state=None):
        total = x if state is None else x + state["total"]
        return total, {"total": total}


def test_a_net_is_called_by_what_it_declares():
    assert carries(Sum())
    assert not carries(nn.Identity())
    output, state = read(Sum(), tensor([1.0]))
    output, state = read(Sum(), tensor([2.0]), state)
    assert output == 3
    assert state == {"total": tensor([3.0])}
    assert read(nn.Identity(), tensor([1.0]), None) == (tensor([1.0]), None)


def test_a_function_reaches_every_tensor_and_the_nest_stays():
    state = {"lstm": (tensor([1.0]), [tensor([2.0]), None])}
    assert each(state, lambda part: part * 10) == {"lstm": (tensor([10.0]), [tensor([20.0]), None])}
    assert each(None, torch.neg) is None
    assert each(tensor(3), torch.neg) == -3
