"""Penalties, their gradients, and shrinking steps."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.run.regularization import Regularization, add_penalty_gradient_, penalty, shrink_

weights = st.sampled_from([0.0, 0.1, 2.0])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 1000),
    l1=weights,
    l2=weights,
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=2),
)
def test_the_gradient_equals_autograds_and_central_differences(seed, l1, l2, shape):
    generator = torch.Generator().manual_seed(seed)
    p = torch.randn(shape, dtype=torch.float64, generator=generator)
    watched = p.clone().requires_grad_()
    penalty(watched, l1, l2).backward()
    gradient = torch.zeros_like(p)
    add_penalty_gradient_(gradient, p, l1, l2)
    torch.testing.assert_close(gradient, watched.grad, rtol=0, atol=1e-10)
    found = torch.empty_like(p)
    for i in range(p.numel()):
        move = torch.zeros_like(p)
        move.view(-1)[i] = 1e-6
        found.view(-1)[i] = (penalty(p + move, l1, l2) - penalty(p - move, l1, l2)) / 2e-6
    torch.testing.assert_close(gradient, found, rtol=0, atol=1e-6)


def test_the_penalty_by_hand():
    # l1 (|-2| + |1|) + l2 / 2 (4 + 1)
    assert float(penalty(torch.tensor([-2.0, 1.0, 0.0]), l1=0.5, l2=2.0)) == 1.5 + 5.0


def test_shrinking_by_hand():
    p = torch.tensor([-2.0, 1.0, 0.04, 0.0], dtype=torch.float64)
    shrink_(p, lr=0.1, l1=0.5, l2=2.0)  # times 0.8, then 0.05 towards zero and no further
    assert p.tolist() == pytest.approx([-1.55, 0.75, 0.0, 0.0])


def test_decoupled_l2_is_the_weight_decay_of_adamw():
    start, lr, decay = torch.linspace(-1, 1, 7, dtype=torch.float64), 0.01, 0.3

    def trained(p, optimizer, regularization):
        for number in range(20):
            p.grad = torch.cos(start + number)
            regularization.before_step(optimizer)
            optimizer.step()
            regularization.after_step(optimizer)
        return p

    # AdamW shrinks before its step: shrunk once more at the end, it has done what one does that is
    # shrunk once at the start.
    p = start.clone()
    none = Regularization(0.0, 0.0, decoupled=True)
    expected = trained(p, torch.optim.AdamW([p], lr=lr, weight_decay=decay), none) * (
        1 - lr * decay
    )
    p = start * (1 - lr * decay)
    decoupled = Regularization(0.0, decay, decoupled=True)
    found = trained(p, torch.optim.AdamW([p], lr=lr, weight_decay=0.0), decoupled)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_decoupled_l1_reaches_zero_and_coupled_does_not():
    found = {}
    for decoupled in (False, True):
        p = torch.linspace(-0.5, 0.5, 10)
        optimizer = torch.optim.SGD([p], lr=0.013)
        regularization = Regularization(1.0, 0.0, decoupled)
        for _ in range(100):
            p.grad = torch.zeros_like(p)
            regularization.before_step(optimizer)
            optimizer.step()
            regularization.after_step(optimizer)
        found[decoupled] = int((p == 0).sum())
        assert float(p.abs().max()) < 0.02
    assert found[True] == 10
    assert found[False] < 10


def test_negative_weights_are_refused():
    with pytest.raises(BakeoffError, match=r"l1 is -0\.1.*expected 0 or more"):
        Regularization(-0.1, 0.0, decoupled=False)
