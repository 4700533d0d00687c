"""Dropout whose masks are drawn before the forward pass, each member's from its own random generator."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MASK = "mask"


class Masked(nn.Module):
    """Multiplies by a mask, given as a buffer, in the place of a dropout layer."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer(MASK, torch.ones(()))

    def forward(self, x: Tensor) -> Tensor:
        """X times the mask, both of one shape."""
        return x * self.mask


def dropouts(net: nn.Module) -> dict[str, nn.Dropout]:
    """The dropout layers that drop something, by name."""
    return {n: m for n, m in net.named_modules() if isinstance(m, nn.Dropout) and m.p > 0}


def masked(net: nn.Module, names: Sequence[str]) -> None:
    """Replace the dropout layers of these names by `Masked` ones."""
    for name in names:
        parent, _, own = name.rpartition(".")
        setattr(net.get_submodule(parent), own, Masked())


@torch.no_grad()
def all_kept(net: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """Ones, as many and of the kind as what each dropout layer gets for the input `x`, in the order in
    which the layers are called.

    Draws from the random generator, as any forward pass in training does. Raises ValueError where a layer
    is called more than once.
    """
    ones: dict[str, Tensor] = {}

    def note(name: str, inputs: tuple[Tensor, ...]) -> None:
        if name in ones:
            raise ValueError(f"the dropout layer {name} is called more than once")
        ones[name] = torch.ones_like(inputs[0])  # its type, device and order in memory

    hooks = [
        layer.register_forward_pre_hook(lambda _, inputs, name=name: note(name, inputs))
        for name, layer in dropouts(net).items()
    ]
    try:
        net(x)
    finally:
        for hook in hooks:
            hook.remove()
    return ones


def draw_masks(net: nn.Module, kept: Mapping[str, Tensor]) -> list[Tensor]:
    """A mask for each layer in `kept` (`all_kept`), as the net's layers draw them one after another."""
    layers = dropouts(net)
    return [F.dropout(ones, layers[name].p) for name, ones in kept.items()]
