"""The forward pass and the losses of all members as one."""

import copy
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from bakeoff.fused.dropout import MASK, masked
from bakeoff.fused.layers import written_out
from bakeoff.fused.recurrent import write_out
from bakeoff.fused.stack import Stack
from bakeoff.run.parts.measures import loss_parts

Loss = Callable[[Tensor, Tensor], Tensor | Mapping[str, Tensor]]


class StackedNet:
    """`net` with parameters, buffers and dropout masks that are given, for all members at once."""

    def __init__(self, net: nn.Module, masks: Sequence[str]) -> None:
        own = copy.deepcopy(net).train()
        masked(own, masks)
        self._masks = [f"{name}.{MASK}" for name in masks]
        self._forward = _forward(own)

    def __call__(self, stack: Stack, masks: Sequence[Tensor], x: Tensor) -> Tensor:
        """The outputs (K, B, *output_shape) for inputs (K, B, *input_shape) of K members."""
        given = {**stack.trained, **stack.frozen, **stack.buffers}
        given |= dict(zip(self._masks, masks, strict=True))
        return self._forward(given, x)


class EvaluatedNet:
    """`net` in evaluation mode, for all members or some of them at once."""

    def __init__(self, net: nn.Module) -> None:
        self._forward = _forward(copy.deepcopy(net).eval())

    def of(self, stack: Stack, members: Sequence[int]) -> Callable[[Tensor], Tensor]:
        """What gives the outputs (K, B, *output_shape) of K `members` for inputs (B, *input_shape) of all,
        with the weights that they have now.
        """
        given = {**stack.trained, **stack.frozen, **stack.buffers}
        if list(members) != list(range(len(stack.members))):
            which = torch.tensor(members, device=stack.flat.device)
            given = {name: part[which] for name, part in given.items()}
        return lambda x: self._forward(given, x.expand(len(members), *x.shape))


def _forward(net: nn.Module) -> Callable[[Mapping[str, Tensor], Tensor], Tensor]:
    """What computes all members' outputs, from what is given by name and their inputs."""
    if (found := written_out(net)) is not None:
        return found
    write_out(net)
    return vmap(lambda own, inputs: functional_call(net, own, (inputs,)))


def losses(own: Sequence[Loss], output: Tensor, target: Tensor, alike: bool) -> dict[str, Tensor]:
    """The parts of the loss (K,), by name, of outputs (K, B, ...) and targets (K, B, ...); `alike`: the
    first member's loss is that of all.
    """
    if alike and hasattr(own[0], "of_each"):  # `vmap` takes longer than a small loss
        return dict(own[0].of_each(output, target))
    if alike:
        return dict(vmap(lambda o, t: loss_parts(own[0](o, t)))(output, target))
    found = [loss_parts(loss(o, t)) for loss, o, t in zip(own, output, target, strict=True)]
    return {name: torch.stack([parts[name] for parts in found]) for name in found[0]}


def clipped(gradients: Tensor, norms: Tensor, limits: Tensor) -> Tensor:
    """The gradients (K, P), each row of a Euclidean norm (K,) of at most its limit (K,), infinite for none.

    As `torch.nn.utils.clip_grad_norm_` does it.
    """
    factors = (limits / (norms + 1e-6)).clamp(max=1.0)
    return gradients.mul_(factors.unsqueeze(1))
