"""Every layer's derivatives equal autograd's (1e-10) and central differences (1e-6), on random shapes."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.nets.scratch.activations import Identity, ReLU, Sigmoid, Tanh
from bakeoff.nets.scratch.convolution import Convolution
from bakeoff.nets.scratch.dropout import Dropout
from bakeoff.nets.scratch.flatten import Flatten
from bakeoff.nets.scratch.layer import Layer
from bakeoff.nets.scratch.linear import Linear
from bakeoff.nets.scratch.pooling import MaxPool

# Derandomized: a draw next to a kink of ReLU or max-pooling has no central difference.
examples = settings(max_examples=15, deadline=None, derandomize=True)
seeds, few = st.integers(0, 10_000), st.integers(1, 5)
STEP = 1e-6


def normal(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def assert_derivatives(layer: Layer, reference: Callable[..., Tensor], x: Tensor) -> None:
    """Compare output and derivatives; `reference(x, *parameters)` is PyTorch's own function."""
    parameters = list(layer.parameters())
    watched = [t.detach().clone().requires_grad_() for t in (x, *parameters)]
    torch.manual_seed(0)  # of dropout
    expected = reference(*watched)
    torch.manual_seed(0)
    output = layer(x)
    delta = normal(1, *output.shape)
    torch.testing.assert_close(output, expected.detach(), rtol=0, atol=1e-10)
    expected.backward(delta)
    layer.accumulate(delta, 0.0)
    found = [layer.backward(delta), *layer.gradient.values()]

    def loss() -> float:
        torch.manual_seed(0)
        return float((layer(x) * delta).sum())

    for tensor, gradient, other in zip((x, *parameters), found, watched, strict=True):
        torch.testing.assert_close(gradient, other.grad, rtol=0, atol=1e-10)
        torch.testing.assert_close(gradient, differences(loss, tensor), rtol=0, atol=1e-6)


def differences(loss: Callable[[], float], x: Tensor) -> Tensor:
    """Central differences of `loss` by every number in `x`."""
    flat, found = x.data.view(-1), torch.empty(x.numel(), dtype=x.dtype)
    for i in range(len(flat)):
        value = float(flat[i])
        flat[i] = value + STEP
        above = loss()
        flat[i] = value - STEP
        found[i] = (above - loss()) / (2 * STEP)
        flat[i] = value
    return found.view(x.shape)


@examples
@given(seed=seeds, batch=few, inputs=few, outputs=few)
def test_linear(seed, batch, inputs, outputs):
    layer = Linear(normal(seed, outputs, inputs), normal(seed + 1, outputs))
    assert_derivatives(layer, F.linear, normal(seed + 2, batch, inputs))


@pytest.mark.parametrize(
    ("layer", "reference"),
    [(Identity(), torch.clone), (Sigmoid(), torch.sigmoid), (Tanh(), torch.tanh), (ReLU(), F.relu)],
    ids=lambda case: type(case).__name__,
)
@examples
@given(seed=seeds, batch=few, width=few)
def test_activations(layer, reference, seed, batch, width):
    assert_derivatives(layer, reference, 3 * normal(seed, batch, width))


def test_activations_far_from_zero_stay_finite():
    z = torch.tensor([[-800.0, 800.0]], dtype=torch.float64)
    for layer, expected in ((Sigmoid(), [[0.0, 1.0]]), (Tanh(), [[-1.0, 1.0]])):
        assert layer(z).tolist() == expected
        assert layer.backward(torch.ones_like(z)).tolist() == [[0.0, 0.0]]


@examples
@given(seed=seeds, batch=few, width=few, share=st.sampled_from([0.0, 0.3, 0.9]))
def test_dropout(seed, batch, width, share):
    assert_derivatives(Dropout(share), lambda x: F.dropout(x, share), normal(seed, batch, width))


def test_dropout_drops_its_share_and_keeps_the_mean_and_is_nothing_in_evaluation():
    layer, x = Dropout(0.25), torch.ones(200, 200)
    dropped = layer(x)
    assert float((dropped == 0).double().mean()) == pytest.approx(0.25, abs=0.01)
    assert float(dropped.mean()) == pytest.approx(1, abs=0.01)
    assert layer.eval()(x) is x


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_dropout_refuses_other_shares(share):
    with pytest.raises(BakeoffError, match="expected a share in"):
        Dropout(share)


@examples
@given(
    seed=seeds,
    batch=st.integers(1, 2),
    channels=st.integers(1, 3),
    outputs=st.integers(1, 3),
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    more=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    channels_last=st.booleans(),
)
def test_convolution(seed, batch, channels, outputs, kernel, more, channels_last):
    layer = Convolution(normal(seed, outputs, channels, *kernel), normal(seed + 1, outputs))
    x = normal(seed + 2, batch, channels, kernel[0] + more[0], kernel[1] + more[1])
    if not channels_last:
        assert_derivatives(layer, F.conv2d, x)
    else:  # the format in which one convolution hands its output to the next
        expected = layer(x), layer.backward(delta := normal(3, *layer(x).shape))
        other = x.contiguous(memory_format=torch.channels_last)
        torch.testing.assert_close((layer(other), layer.backward(delta)), expected)


@examples
@given(
    seed=seeds,
    batch=st.integers(1, 2),
    size=st.integers(1, 3),
    cells=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    rest=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
def test_max_pool(seed, batch, size, cells, rest):
    height, width = (n * size + min(r, size - 1) for n, r in zip(cells, rest, strict=True))
    assert_derivatives(
        MaxPool(size), lambda x: F.max_pool2d(x, size), normal(seed, batch, 2, height, width)
    )


def test_max_pool_gives_the_derivative_of_equal_values_to_one_of_them_as_pytorch_does():
    x = torch.tensor([[[[1.0, 1.0], [1.0, 0.0]]]], requires_grad=True)
    F.max_pool2d(x, 2).sum().backward()
    layer = MaxPool(2)
    layer(x.detach())
    torch.testing.assert_close(layer.backward(torch.ones(1, 1, 1, 1)), x.grad)


@examples
@given(seed=seeds, shape=st.lists(few, min_size=2, max_size=4))
def test_flatten(seed, shape):
    assert_derivatives(Flatten(), lambda x: x.flatten(1), normal(seed, *shape))


def test_gradients_add_up_where_they_are_to():
    layer = Linear(normal(0, 2, 3), normal(1, 2))
    layer(normal(2, 4, 3))
    delta = normal(3, 4, 2)
    layer.accumulate(delta, 0.0)
    once = {name: gradient.clone() for name, gradient in layer.gradient.items()}
    layer.accumulate(delta, 1.0)
    for name, gradient in layer.gradient.items():
        torch.testing.assert_close(gradient, 2 * once[name])


def test_evaluation_keeps_nothing():
    layer = Linear(normal(0, 2, 3), normal(1, 2)).eval()
    layer(normal(2, 4, 3))
    assert layer.kept is None
