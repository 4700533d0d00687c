"""The losses and their derivatives, against PyTorch's, central differences and hand-worked numbers."""

from math import exp, log

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from bakeoff.nets.scratch.losses import cross_entropy, mean_squared_error

examples = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)


def assert_derivatives(loss, reference, output):
    """`loss(output)` -> (value, derivative) against `reference(output)` with autograd."""
    watched = output.clone().requires_grad_()
    expected = reference(watched)
    expected.backward()
    value, delta = loss(output.clone())
    torch.testing.assert_close(value, expected.detach(), rtol=0, atol=1e-10)
    torch.testing.assert_close(delta, watched.grad, rtol=0, atol=1e-10)
    found = torch.empty_like(output)
    for i in range(output.numel()):
        move = torch.zeros_like(output)
        move.view(-1)[i] = 1e-6
        found.view(-1)[i] = (loss(output + move)[0] - loss(output - move)[0]) / 2e-6
    torch.testing.assert_close(delta, found, rtol=0, atol=1e-6)


@examples
@given(
    seed=seeds,
    batch=st.integers(1, 5),
    classes=st.integers(2, 6),
    smoothing=st.sampled_from([0.0, 0.1, 0.7]),
)
def test_cross_entropy(seed, batch, classes, smoothing):
    generator = torch.Generator().manual_seed(seed)
    logits = 4 * torch.randn(batch, classes, dtype=torch.float64, generator=generator)
    labels = torch.randint(0, classes, (batch,), generator=generator)
    assert_derivatives(
        lambda z: cross_entropy(z, labels, smoothing),
        lambda z: F.cross_entropy(z, labels, label_smoothing=smoothing),
        logits,
    )


@examples
@given(seed=seeds, shape=st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_mean_squared_error(seed, shape):
    generator = torch.Generator().manual_seed(seed)
    output, target = torch.randn(2, *shape, dtype=torch.float64, generator=generator)
    assert_derivatives(
        lambda y: mean_squared_error(y, target), lambda y: F.mse_loss(y, target), output
    )


def test_cross_entropy_by_hand():
    # softmax of (0, log 3) is (1/4, 3/4)
    logits = torch.tensor([[0.0, log(3)]], dtype=torch.float64)
    loss, delta = cross_entropy(logits, torch.tensor([1]))
    assert float(loss) == pytest.approx(-log(0.75))
    assert delta.tolist() == [pytest.approx([0.25, -0.25])]


def test_cross_entropy_of_huge_logits_is_finite():
    logits = torch.tensor([[1000.0, 0.0], [0.0, -1000.0]])
    loss, delta = cross_entropy(logits, torch.tensor([1, 0]))
    assert float(loss) == pytest.approx((1000 + exp(-1000)) / 2)
    assert delta.tolist() == [[0.5, -0.5], [0.0, 0.0]]
