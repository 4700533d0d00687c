"""PyTorch nets as hand-differentiated ones: same layers, same initial weights, other arithmetic.

What differs between `model=mlp/...` and `model=scratch/...` is then who computes the gradients, and
nothing else: not the architecture, and not the random numbers drawn for it.
"""

from collections.abc import Callable
from typing import Any

from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.lenet5 import LeNet5
from bakeoff.nets.mlp import MLP
from bakeoff.nets.scratch.activations import Identity, ReLU, Sigmoid, Tanh
from bakeoff.nets.scratch.convolution import Convolution
from bakeoff.nets.scratch.dropout import Dropout
from bakeoff.nets.scratch.flatten import Flatten
from bakeoff.nets.scratch.layer import Layer
from bakeoff.nets.scratch.linear import Linear
from bakeoff.nets.scratch.pooling import MaxPool
from bakeoff.nets.scratch.sequential import Sequential


def mlp(**settings: Any) -> Sequential:
    """The twin of `bakeoff.nets.mlp.MLP` with these settings."""
    return twin(MLP(**settings).layers)


def lenet5(**settings: Any) -> Sequential:
    """The twin of `bakeoff.nets.lenet5.LeNet5` with these settings."""
    return twin(LeNet5(**settings).layers)


def twin(net: nn.Sequential) -> Sequential:
    """The layers of `net` by hand, with copies of its weights; its parameters have the same names in
    `state_dict`, where `net` is called `layers`.

    Raises BakeoffError where a layer, or a way to use it, is not written by hand.
    """
    return Sequential(*(_layer(layer) for layer in net))


def in_pytorch(net: Sequential) -> nn.Sequential:
    """The way back: PyTorch's own layers, with copies of the weights of `net`."""
    made = nn.Sequential(*(ORIGINALS[type(layer)](layer) for layer in net.layers))
    made.to(net.vector.dtype).load_state_dict(net.layers.state_dict())
    return made


def _layer(layer: nn.Module) -> Layer:
    make = LAYERS.get(type(layer))
    made = make(layer) if make else None
    if made is None:
        names = ", ".join(kind.__name__ for kind in LAYERS)
        raise BakeoffError(
            f"model: {layer} is not written by hand: a scratch model is made of {names}, all with "
            "bias, convolutions of stride 1 without padding, pooling windows side by side"
        )
    return made


def _linear(layer: nn.Linear) -> Layer | None:
    return None if layer.bias is None else Linear(layer.weight, layer.bias)


def _convolution(layer: nn.Conv2d) -> Layer | None:
    plain = (layer.stride, layer.padding, layer.dilation) == ((1, 1), (0, 0), (1, 1))
    if not plain or layer.groups != 1 or layer.bias is None:
        return None
    return Convolution(layer.weight, layer.bias)


def _max_pool(layer: nn.MaxPool2d) -> Layer | None:
    size = layer.kernel_size
    plain = isinstance(size, int) and layer.stride == size and not layer.ceil_mode
    return MaxPool(size) if plain and (layer.padding, layer.dilation) == (0, 1) else None


LAYERS: dict[type[nn.Module], Callable[[Any], Layer | None]] = {
    nn.Linear: _linear,
    nn.Conv2d: _convolution,
    nn.MaxPool2d: _max_pool,
    nn.Flatten: lambda _: Flatten(),
    nn.Dropout: lambda layer: Dropout(layer.p),
    nn.ReLU: lambda _: ReLU(),
    nn.Tanh: lambda _: Tanh(),
    nn.Sigmoid: lambda _: Sigmoid(),
    nn.Identity: lambda _: Identity(),
}

ORIGINALS: dict[type[Layer], Callable[[Any], nn.Module]] = {
    Linear: lambda layer: nn.Linear(*reversed(layer.weight.shape)),
    Convolution: lambda layer: nn.Conv2d(
        layer.weight.shape[1], layer.weight.shape[0], tuple(layer.weight.shape[2:])
    ),
    MaxPool: lambda layer: nn.MaxPool2d(layer.size),
    Flatten: lambda _: nn.Flatten(),
    Dropout: lambda layer: nn.Dropout(layer.share),
    ReLU: lambda _: nn.ReLU(),
    Tanh: lambda _: nn.Tanh(),
    Sigmoid: lambda _: nn.Sigmoid(),
    Identity: lambda _: nn.Identity(),
}
