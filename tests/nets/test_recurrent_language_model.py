"""A recurrent language model is given its state and returns it; it keeps none."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.nets.carried_state import carries, each

CELLS = pytest.mark.parametrize("cell", ["lstm", "gru"])


def tensors(state):
    return [state] if isinstance(state, torch.Tensor) else list(state)


@CELLS
def test_two_halves_with_the_state_are_the_whole(recurrent, ids, cell):
    net = recurrent(cell)
    with torch.no_grad():
        whole, end = net(ids, None)
        first, state = net(ids[:, :3], None)
        second, last = net(ids[:, 3:], state)
    assert torch.allclose(torch.cat([first, second], dim=1), whole, atol=1e-6)
    for part, expected in zip(tensors(last), tensors(end), strict=True):
        assert part.shape == (3, 2, 7)  # texts, layers, hidden
        assert torch.allclose(part, expected, atol=1e-6)


@CELLS
def test_a_row_that_begins_a_text_starts_anew(recurrent, ids, cell):
    net = recurrent(cell)
    second = ids[:, 3:].clone()
    second[1, 0] = ~second[1, 0]  # of the three rows, the middle one begins a text here
    with torch.no_grad():
        _, state = net(ids[:, :3], None)
        carried, _ = net(second, state)
        kept, _ = net(ids[:, 3:], state)
        alone, _ = net(ids[:, 3:], None)
    assert torch.equal(carried[[0, 2]], kept[[0, 2]])
    assert torch.allclose(carried[1], alone[1], atol=1e-6)
    assert not torch.allclose(carried[1], kept[1], atol=1e-3)


@CELLS
def test_a_diverged_state_does_not_reach_a_new_text(recurrent, ids, cell):
    net = recurrent(cell)
    with torch.no_grad():
        _, state = net(ids, None)
        spoiled = each(state, lambda part: torch.full_like(part, torch.nan))
        begun = torch.cat([~ids[:, :1], ids[:, 1:]], dim=1)
        assert torch.equal(net(begun, spoiled)[0], net(begun, None)[0])


def test_the_net_keeps_nothing_from_call_to_call(recurrent, ids):
    net = recurrent()
    with torch.no_grad():
        first, _ = net(ids, None)
        second, _ = net(ids, None)
    assert torch.equal(first, second)


def test_gradients_flow_through_the_state_unless_the_caller_detaches_it(recurrent, ids):
    net = recurrent().train()
    _, state = net(ids[:, :3], None)
    net(ids[:, 3:], state)[0].sum().backward(retain_graph=True)
    through = net.embedding.weight.grad.clone()
    net.zero_grad()
    net(ids[:, 3:], each(state, torch.Tensor.detach))[0].sum().backward()
    assert not torch.allclose(through, net.embedding.weight.grad)


def test_windows_carry_nothing(recurrent):
    assert carries(recurrent())
    assert not carries(recurrent(every=False))


def test_tied_scores_share_the_vectors(recurrent):
    net = recurrent(tied=True)
    assert net.output.weight is net.embedding.weight
    assert sum(p.numel() for p in net.parameters()) < sum(
        p.numel() for p in recurrent(dimension=7).parameters()
    )


def test_an_unknown_cell_is_refused(recurrent):
    with pytest.raises(BakeoffError, match=r"model.cell is 'rnn': expected one of lstm, gru"):
        recurrent("rnn")
