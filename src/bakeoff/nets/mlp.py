"""The multi-layer perceptron."""

from collections.abc import Sequence
from math import prod

from torch import Tensor, nn

from bakeoff.errors import BakeoffError, suggestion

ACTIVATIONS = {
    "identity": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
}


class MLP(nn.Module):
    """Linear layers of the widths `hidden`, each with an activation, then a linear layer.

    Input (B, *input_shape), flattened; output (B, *output_shape) with output_shape (numbers,).
    `dropout` is the share of hidden activations dropped in training; `batch_norm` adds batch normalization
    before each activation (Ioffe & Szegedy, ICML, 2015). Raises BakeoffError for a value out of its range.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        hidden: Sequence[int],
        activation: str,
        dropout: float,
        batch_norm: bool,
    ) -> None:
        super().__init__()
        if activation not in ACTIVATIONS:
            raise BakeoffError(
                f"activation is {activation!r}: expected one of {', '.join(ACTIVATIONS)}"
                f"{suggestion(str(activation), ACTIVATIONS)}"
            )
        if not 0 <= dropout < 1:
            raise BakeoffError(f"dropout is {dropout}: expected a share in [0, 1)")
        if min(hidden, default=1) < 1:
            raise BakeoffError(f"model.hidden is {list(hidden)}: expected widths of 1 or more")
        if len(output_shape) != 1:
            raise BakeoffError(
                f"MLP gives a vector of numbers, but this task expects the shape {tuple(output_shape)}"
            )
        widths = [prod(input_shape), *hidden]
        layers: list[nn.Module] = [nn.Flatten()]
        for inputs, outputs in zip(widths, hidden, strict=False):
            layers.append(nn.Linear(inputs, outputs))
            if batch_norm:
                layers.append(nn.BatchNorm1d(outputs))
            layers.append(ACTIVATIONS[activation]())
            if dropout:
                layers.append(nn.Dropout(dropout))
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], output_shape[0]))

    def forward(self, x: Tensor) -> Tensor:
        """(B, *input_shape) -> (B, numbers)."""
        return self.layers(x)
