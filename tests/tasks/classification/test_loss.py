"""The losses: the same value and derivative with autograd and without."""

import pytest
import torch

from bakeoff.tasks.classification.loss import CrossEntropy, SquaredError


@pytest.mark.parametrize("loss", [CrossEntropy(0.0), CrossEntropy(0.1), SquaredError()])
def test_with_autograd_and_without_it_they_are_the_same(loss):
    torch.manual_seed(0)
    output = torch.randn(7, 4, dtype=torch.float64, requires_grad=True)
    target = torch.randint(0, 4, (7,))
    expected = loss(output, target)["loss"]
    expected.backward()
    parts, delta = loss.with_derivative(output.detach(), target)
    torch.testing.assert_close(parts["loss"], expected.detach())
    torch.testing.assert_close(delta, output.grad)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_of_several_nets_each_has_its_own(smoothing):
    torch.manual_seed(0)
    output = torch.randn(3, 7, 4, dtype=torch.float64, requires_grad=True)
    target = torch.randint(0, 4, (3, 7))
    loss = CrossEntropy(smoothing)
    expected = torch.stack([loss(o, t)["loss"] for o, t in zip(output, target, strict=True)])
    together = loss.of_each(output, target)["loss"]
    torch.testing.assert_close(together, expected)
    gradients = [torch.autograd.grad(of.sum(), output)[0] for of in (together, expected)]
    torch.testing.assert_close(*gradients)


def test_squared_error_by_hand():
    output, target = torch.tensor([[0.5, 0.0], [1.0, 1.0]]), torch.tensor([0, 1])
    assert float(SquaredError()(output, target)["loss"]) == (0.25 + 1.0) / 4
