"""Layers one after the other, with all their parameters in one vector."""

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from bakeoff.nets.scratch.layer import Layer
from bakeoff.nets.scratch.optimizers import by_hand

if TYPE_CHECKING:
    from bakeoff.nets.scratch.gradient_check import Difference


class Sequential(nn.Module):
    """Trained without autograd: `forward`, a loss's derivative, `backward`, an optimizer's step.

    The parameters of the layers are views of `vector`, and their gradients views of its gradient, so
    that an optimizer updates all of them by one operation. `vector.grad` follows PyTorch's custom:
    None before `backward` and after `zero_grad`; `backward` adds to what is there.
    """

    def __init__(self, *layers: Layer) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.vector = torch.empty(0)
        # What lies before the first parameters needs no derivative.
        self.first = next(i for i, layer in enumerate(layers) if list(layer.parameters()))
        self._share_memory()

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        """A batch through all layers."""
        for layer in self.layers:
            x = layer(x)
        return x

    @torch.no_grad()
    def backward(self, delta: Tensor) -> None:
        """Gradients of all parameters from `delta` = dL/d output of the last `forward`."""
        beta = 0.0 if self.vector.grad is None else 1.0
        for i in reversed(range(self.first, len(self.layers))):
            layer = self.layers[i]
            layer.accumulate(delta, beta)
            if i > self.first:
                delta = layer.backward(delta)
        self.vector.grad = self.gradient

    def optimizer(self, like: partial) -> Optimizer:
        """The hand-written twin of a `torch.optim` class with its settings, over all parameters.

        Raises BakeoffError where that class or one of its settings has none.
        """
        return by_hand(like)([self.vector])

    def gradient_differences(
        self, loss: nn.Module, x: Tensor, target: Tensor, seed: int
    ) -> "list[Difference]":
        """How far the gradients are from autograd's and from central differences, per parameter."""
        from bakeoff.nets.scratch.gradient_check import (
            gradient_differences,  # which imports this module
        )

        return gradient_differences(self, loss, x, target, seed)

    def _share_memory(self) -> None:
        self.vector.grad = None
        self.vector.data = torch.cat([p.detach().reshape(-1) for p in self.parameters()])
        self.gradient = torch.zeros_like(self.vector)
        start = 0
        for layer in self.layers:
            for name, p in layer.named_parameters():
                stop = start + p.numel()
                p.data = self.vector.data[start:stop].view(p.shape)
                layer.gradient[name] = self.gradient[start:stop].view(p.shape)
                start = stop

    # What gives parameters other memory takes them out of the vector: they are put back.

    def _apply(self, *args: Any, **kwargs: Any) -> "Sequential":
        super()._apply(*args, **kwargs)
        self._share_memory()
        return self

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._share_memory()
