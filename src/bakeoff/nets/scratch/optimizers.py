"""Optimizers written out. torch's base class keeps the books: parameter groups, state, schedules."""

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from bakeoff.errors import BakeoffError

# Settings of torch.optim that say how to compute, not what.
HOW = ("fused", "foreach", "capturable", "differentiable")


class SGD(Optimizer):
    """Stochastic gradient descent with momentum, dampening, Nesterov and L2 (as torch.optim.SGD).

    g = grad + weight_decay p; v = momentum v + (1 - dampening) g, with v = g at the first step;
    p -= lr v, or lr (g + momentum v) with Nesterov (Sutskever et al., ICML, 2013).
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        if nesterov and (momentum <= 0 or dampening != 0):
            raise BakeoffError(
                f"optimizer.nesterov needs a momentum above 0 and no dampening, got momentum "
                f"{momentum} and dampening {dampening}"
            )
        _refuse_negative(lr=lr, momentum=momentum, weight_decay=weight_decay)
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
            },
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; the closure's result."""
        loss = None if closure is None else closure()
        for p, state, group in _updated(self):
            lr, momentum = group["lr"], group["momentum"]
            g = p.grad
            if group["weight_decay"]:
                g = g.add(p, alpha=group["weight_decay"])
            if not momentum:
                p.add_(g, alpha=-lr)
                continue
            v = state.get("velocity")
            if v is None:
                v = state["velocity"] = g.clone()
            else:
                damped = g * (1 - group["dampening"]) if group["dampening"] else g
                torch.add(damped, v, alpha=momentum, out=v)
            if group["nesterov"]:
                p.add_(g, alpha=-lr).add_(v, alpha=-lr * momentum)
            else:
                p.add_(v, alpha=-lr)
        return loss


class Adam(Optimizer):
    """Adam (Kingma & Ba, ICLR, 2015), with L2 coupled or decoupled (as torch.optim.Adam).

    At step t: g = grad + weight_decay p; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
    p -= lr / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + eps). Decoupled (Loshchilov & Hutter, ICLR, 2019):
    g = grad, and p -= lr weight_decay p before.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
    ) -> None:
        _refuse_negative(lr=lr, eps=eps, weight_decay=weight_decay)
        if not all(0 <= beta < 1 for beta in betas):
            raise BakeoffError(f"optimizer.betas is {list(betas)}: expected two numbers in [0, 1)")
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": tuple(betas),
                "eps": eps,
                "weight_decay": weight_decay,
                "decoupled_weight_decay": decoupled_weight_decay,
            },
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; the closure's result."""
        loss = None if closure is None else closure()
        for p, state, group in _updated(self):
            lr, (b1, b2), decay = group["lr"], group["betas"], group["weight_decay"]
            g = p.grad
            if decay and group["decoupled_weight_decay"]:
                p.mul_(1 - lr * decay)
            elif decay:
                g = g.add(p, alpha=decay)
            if not state:
                state |= {"step": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}
            state["step"] += 1
            t, m, v = state["step"], state["m"], state["v"]
            m.lerp_(g, 1 - b1)
            v.mul_(b2).addcmul_(g, g, value=1 - b2)
            root = v.sqrt().mul_((1 - b2**t) ** -0.5).add_(group["eps"])
            p.addcdiv_(m, root, value=-lr / (1 - b1**t))
        return loss


class AdamW(Adam):
    """Adam with decoupled weight decay (as torch.optim.AdamW)."""

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, decoupled_weight_decay=True)


BY_HAND = {torch.optim.SGD: SGD, torch.optim.Adam: Adam, torch.optim.AdamW: AdamW}


def by_hand(like: partial) -> partial:
    """The hand-written class for a `torch.optim` class with settings: one config drives either.

    `like` is what Hydra makes of a config with `_partial_: true`. Raises BakeoffError where there is
    no such class, or where it lacks a setting.
    """
    made = BY_HAND.get(getattr(like, "func", like))
    if made is None:
        name = getattr(getattr(like, "func", like), "__name__", like)
        raise BakeoffError(
            f"optimizer: {name} is not written by hand: a scratch model takes "
            f"{', '.join(c.__name__ for c in BY_HAND)} of torch.optim, or choose another model"
        )
    settings = {key: v for key, v in getattr(like, "keywords", {}).items() if key not in HOW}
    known = list(inspect.signature(made).parameters)[1:]
    if unknown := {key: value for key, value in settings.items() if key not in known and value}:
        raise BakeoffError(
            f"optimizer: the hand-written {made.__name__} has no {unknown}: expected "
            f"{', '.join(known)}"
        )
    return partial(made, **{key: value for key, value in settings.items() if key in known})


def _refuse_negative(**settings: float) -> None:
    if wrong := {name: value for name, value in settings.items() if value < 0}:
        raise BakeoffError(f"optimizer: {wrong}: expected 0 or more")


def _updated(optimizer: Optimizer) -> Iterable[tuple[Tensor, dict[str, Any], dict[str, Any]]]:
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is not None:
                yield p, optimizer.state[p], group
