"""The parameters of several nets of one structure, stacked on a leading dimension."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Stack:
    """Stacks the parameters and buffers of `nets`; each net's own become views of the stacked ones.

    `members` are the nets' own parameters by name. `flat` (K, P) holds the P numbers of the trained
    parameters of each of K nets; `trained`, `frozen` and `buffers` map names to tensors (K, *shape), the
    trained ones views of `flat`. What steps a net's row of `flat` in place trains this net and no other.
    """

    def __init__(self, nets: Sequence[nn.Module]) -> None:
        self.members = own = [dict(net.named_parameters()) for net in nets]
        trained = [name for name, p in own[0].items() if p.requires_grad]
        self.shapes = {name: own[0][name].shape for name in trained}
        self.flat = torch.stack(
            [torch.cat([of_net[name].detach().flatten() for name in trained]) for of_net in own]
        )
        self._gradients = torch.empty_like(self.flat)
        self._gradient_parts = list(self.parts(self._gradients).values())
        self.trained = {name: part.requires_grad_() for name, part in self.parts(self.flat).items()}
        self.frozen = {
            name: torch.stack([of_net[name].detach() for of_net in own])
            for name in own[0]
            if name not in self.trained
        }
        for name, stacked in {**self.trained, **self.frozen}.items():
            for of_net, part in zip(own, stacked.detach().unbind(), strict=True):
                of_net[name].data = part
        self.buffers: dict[str, Tensor] = {}
        for name, _ in nets[0].named_buffers():
            self.buffers[name] = torch.stack([net.get_buffer(name) for net in nets])
            for net, part in zip(nets, self.buffers[name].unbind(), strict=True):
                net.get_buffer(name).set_(part)

    def parts(self, flat: Tensor) -> dict[str, Tensor]:
        """What is flat in the last dimension, (..., P), as a tensor (..., *shape) for each parameter."""
        sizes = [shape.numel() for shape in self.shapes.values()]
        cut = flat.detach().split(sizes, dim=-1)
        return {
            name: part.unflatten(-1, shape) if shape else part.squeeze(-1)
            for (name, shape), part in zip(self.shapes.items(), cut, strict=True)
        }

    def gradients(self, loss: Tensor) -> Tensor:
        """The gradients (K, P) of the losses (K,), in the same memory at each call."""
        found = torch.autograd.grad(loss.sum(), list(self.trained.values()))
        for part, gradient in zip(self._gradient_parts, found, strict=True):
            part.copy_(gradient)
        return self._gradients
