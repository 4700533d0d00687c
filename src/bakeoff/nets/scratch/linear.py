"""The linear layer."""

import torch
from torch import Tensor

from bakeoff.nets.scratch.layer import Layer, add_gradient


class Linear(Layer):
    """z = a W^T + b, for a batch a (B, inputs), W (outputs, inputs), b (outputs,).

    With delta = dL/dz: dL/dW = delta^T a, dL/db = the sum of delta over the batch, dL/da = delta W
    (Rumelhart, Hinton & Williams, Nature, 1986).
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__(weight=weight, bias=bias)

    def forward(self, a: Tensor) -> Tensor:
        """(B, inputs) -> (B, outputs)."""
        self.keep(a)
        return torch.addmm(self.bias, a, self.weight.t())

    def backward(self, delta: Tensor) -> Tensor:
        return delta.mm(self.weight)

    def accumulate(self, delta: Tensor, beta: float) -> None:
        d_weight = self.gradient["weight"]
        torch.addmm(d_weight, delta.t(), self.kept, beta=beta, out=d_weight)
        add_gradient(self.gradient["bias"], beta, delta.sum(dim=0))
