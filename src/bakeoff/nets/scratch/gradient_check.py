"""How far hand-written gradients are from autograd's and from central differences, in float64."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bakeoff.nets.scratch.sequential import Sequential
from bakeoff.nets.scratch.twins import in_pytorch

TOLERANCES = {"autograd": 1e-10, "central": 1e-6}
STEP = 1e-6  # of central differences: rounding grows below it, curvature above it
NUMBERS = 50  # of each parameter that are moved, of a larger one drawn at random


@dataclass(frozen=True)
class Difference:
    """Of the gradient of one parameter, relative to the largest of its numbers: the largest difference
    from `autograd`, and from `central` differences (NaN where there are none).
    """

    name: str
    autograd: float
    central: float


def gradient_differences(
    net: Sequential, loss: nn.Module, x: Tensor, target: Tensor, seed: int
) -> list[Difference]:
    """The difference for every parameter of `net` with its present weights; `net` stays as it is.

    `x` (B, ...) goes into the net in training mode, where dropout draws by `seed`; `loss(output,
    target)` and `loss.with_derivative` as in `Supervised`. Central differences are (L(p + h) - L(p - h))
    / 2h (Nocedal & Wright, Numerical Optimization, 2006, section 8.1); next to a kink of ReLU or of
    max-pooling there are none.
    """
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        own, x = copy.deepcopy(net).double().train(), x.double()
        theirs = in_pytorch(own).train()

        def output(of: nn.Module) -> Tensor:
            torch.manual_seed(seed)
            return of(x)

        loss(output(theirs), target)["loss"].backward()
        own.backward(loss.with_derivative(output(own), target)[1])
        found = []
        for i, layer in enumerate(own.layers):
            for name, p in layer.named_parameters():
                gradient = layer.gradient[name]
                scale = float(gradient.abs().max()) or 1.0
                moved = torch.randperm(p.numel())[:NUMBERS]
                slopes = _central(p, moved, scale, lambda: float(loss(output(own), target)["loss"]))
                difference = Difference(
                    f"{i} {type(layer).__name__} {name}",
                    float((gradient - getattr(theirs[i], name).grad).abs().max()) / scale,
                    _largest(gradient.view(-1)[moved] - slopes) / scale,
                )
                found.append(difference)
        return found


def _central(p: Tensor, moved: Tensor, scale: float, loss: Callable[[], float]) -> Tensor:
    """The central difference by each of the numbers `moved` of `p`, NaN next to a kink: there, half the
    step gives another one.
    """
    flat = p.data.view(-1)

    def slope(i: int, step: float) -> float:
        value = float(flat[i])
        flat[i] = value + step
        above = loss()
        flat[i] = value - step
        below = loss()
        flat[i] = value
        return (above - below) / (2 * step)

    both = [[slope(i, STEP), slope(i, STEP / 2)] for i in moved.tolist()]
    whole, half = torch.tensor(both, dtype=p.dtype).unbind(1)
    smooth = (whole - half).abs() <= TOLERANCES["central"] * scale
    return torch.where(smooth, whole, torch.nan)


def _largest(differences: Tensor) -> float:
    there = differences[~differences.isnan()].abs()
    return float(there.max()) if len(there) else float("nan")
