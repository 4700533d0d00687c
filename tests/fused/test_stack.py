"""Stacked parameters, and the nets whose parameters are views of them."""

import torch
from torch import nn

from bakeoff.fused.stack import Stack


def nets(count=3):
    torch.manual_seed(0)
    return [
        nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1)) for _ in range(count)
    ]


def test_the_stack_holds_the_parameters_of_each_net():
    own = nets()
    before = [[p.clone() for p in net.parameters()] for net in own]
    stack = Stack(own)
    assert stack.flat.shape == (3, 6 + 3 + 3 + 3 + 3 + 1)
    assert stack.trained["0.weight"].shape == (3, 3, 2)
    for number, net in enumerate(own):
        assert all(map(torch.equal, net.parameters(), before[number]))
        assert torch.equal(stack.trained["2.bias"][number], net[2].bias)


def test_a_change_of_a_row_changes_one_net():
    own = nets()
    stack = Stack(own)
    with torch.no_grad():
        stack.flat[1] = 7.0
    assert all(bool((p == 7).all()) for p in own[1].parameters())
    assert not any(bool((p == 7).all()) for p in own[0].parameters())
    assert bool((stack.trained["0.weight"][1] == 7).all())


def test_buffers_are_shared_in_both_directions():
    own = nets()
    stack = Stack(own)
    stack.buffers["1.running_mean"][2] = 5.0
    assert bool((own[2][1].running_mean == 5).all()) and bool((own[0][1].running_mean == 0).all())
    own[0](torch.randn(8, 2))
    assert torch.equal(stack.buffers["1.running_mean"][0], own[0][1].running_mean)
    assert stack.buffers["1.num_batches_tracked"].tolist() == [1, 0, 0]


def test_gradients_are_flat_in_the_order_of_the_parameters():
    own = nets()
    stack = Stack(own)
    loss = (stack.trained["0.weight"] * 2).sum((1, 2)) + sum(
        p.flatten(1).sum(1) for name, p in stack.trained.items() if name != "0.weight"
    )
    gradients = stack.gradients(loss)
    assert gradients[0].tolist() == [2.0] * 6 + [1.0] * 13


def test_frozen_parameters_are_not_in_the_flat_tensor():
    own = nets()
    for net in own:
        net[0].weight.requires_grad_(False)
    stack = Stack(own)
    assert list(stack.frozen) == ["0.weight"]
    assert stack.flat.shape == (3, 13)
