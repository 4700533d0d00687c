"""What a classifier's last layer gets: the features by which it tells the classes apart."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn


def penultimate(net: nn.Module, forward: Callable[[], Tensor]) -> tuple[Tensor | None, Tensor]:
    """The input (N, D) of the last layer with weights that `net` calls in `forward`, and the output (N, C).

    None in place of the input where no layer of its own is called on a batch of N.
    """
    found: list[Tensor] = []

    def keep(layer: nn.Module, arguments: tuple[Any, ...]) -> None:
        found[:] = [part.detach() for part in arguments[:1] if isinstance(part, Tensor)]

    hooks = [
        layer.register_forward_pre_hook(keep)
        for layer in net.modules()
        if any(p.ndim > 1 for p in layer.parameters(recurse=False))
    ]
    try:
        output = forward()
    finally:
        for hook in hooks:
            hook.remove()
    fits = found and found[0].ndim > 1 and len(found[0]) == len(output)
    return (found[0].flatten(1) if fits else None), output
