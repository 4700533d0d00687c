"""What a layer of a hand-differentiated net can do."""

from typing import Any

import torch
from torch import Tensor, nn


class Layer(nn.Module):
    """A function of a batch, with its derivatives written out.

    In training mode `forward` keeps in `kept` what the derivatives need; in evaluation mode it keeps
    nothing. `gradient` holds dL/d parameter by the parameter's name, in memory allocated once.
    """

    kept: Any = None

    def __init__(self, **parameters: Tensor) -> None:
        """Parameters for checkpoints and devices that autograd does not watch, with these values."""
        super().__init__()
        self.gradient: dict[str, Tensor] = {}
        for name, value in parameters.items():
            own = value.detach().clone()
            self.register_parameter(name, nn.Parameter(own, requires_grad=False))
            self.gradient[name] = torch.zeros_like(own)

    def keep(self, value: Any) -> None:
        """Remember what the derivatives need, until the next batch."""
        if self.training:
            self.kept = value

    def backward(self, delta: Tensor) -> Tensor:
        """dL/d input from `delta` = dL/d output, of the shapes of input and output."""
        raise NotImplementedError

    def accumulate(self, delta: Tensor, beta: float) -> None:
        """Gradient = beta * gradient + dL/d parameter, for every parameter, if there is any."""


def add_gradient(grad: Tensor, beta: float, new: Tensor) -> None:
    """Grad = beta * grad + new, in place; with beta 0 whatever `grad` held is forgotten."""
    if beta:
        grad.mul_(beta).add_(new)
    else:
        grad.copy_(new)
