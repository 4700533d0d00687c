"""Activations, each with its derivative in terms of its own output."""

import torch
from torch import Tensor

from bakeoff.nets.scratch.layer import Layer


class Identity(Layer):
    """f(z) = z; f' = 1."""

    def forward(self, z: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return z

    def backward(self, delta: Tensor) -> Tensor:
        return delta


class Sigmoid(Layer):
    """a = 1 / (1 + exp(-z)); f' = a (1 - a)."""

    def forward(self, z: Tensor) -> Tensor:
        """Any shape -> the same shape, in (0, 1)."""
        a = z.neg().exp_().add_(1).reciprocal_()
        self.keep(a)
        return a

    def backward(self, delta: Tensor) -> Tensor:
        a = self.kept
        return (1 - a).mul_(a).mul_(delta)


class Tanh(Layer):
    """a = tanh(z); f' = 1 - a^2."""

    def forward(self, z: Tensor) -> Tensor:
        """Any shape -> the same shape, in (-1, 1)."""
        a = torch.tanh(z)
        self.keep(a)
        return a

    def backward(self, delta: Tensor) -> Tensor:
        a = self.kept
        return (1 - a * a).mul_(delta)


class ReLU(Layer):
    """a = max(0, z); f' = 1 where a > 0, else 0 (at z = 0 the subgradient 0, as PyTorch has it)."""

    def forward(self, z: Tensor) -> Tensor:
        """Any shape -> the same shape, at least 0."""
        a = z.clamp_min(0)
        self.keep(a)
        return a

    def backward(self, delta: Tensor) -> Tensor:
        # The sign of a is f' already, as a number: cheaper than a mask of another type.
        return self.kept.sign().mul_(delta)
