"""L1 and L2 regularization of any net, whoever computes its gradients."""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.optim import Optimizer

from bakeoff.errors import BakeoffError


class Regularization:
    """Keeps parameters small (L2) or few (L1).

    Coupled, the penalty l1 |p|_1 + l2 / 2 |p|_2^2 belongs to what training minimizes, and its gradient
    joins the loss's before the optimizer's step. Decoupled, every step is followed by `shrink_`,
    which the optimizer's momentum and scaling do not see.
    """

    def __init__(self, l1: float, l2: float, decoupled: bool) -> None:
        if l1 < 0 or l2 < 0:
            raise BakeoffError(f"l1 is {l1}, l2 is {l2}: expected 0 or more")
        self.l1, self.l2 = l1, l2
        self.decoupled = decoupled

    @torch.no_grad()
    def before_step(self, optimizer: Optimizer) -> None:
        """Coupled: add the penalty's gradient to the gradients."""
        if not self.decoupled and (self.l1 or self.l2):
            for p, _ in _parameters(optimizer):
                add_penalty_gradient_(p.grad, p, self.l1, self.l2)

    @torch.no_grad()
    def add_to(self, gradients: Tensor, parameters: Tensor) -> bool:
        """Coupled: add the penalty's gradient to `gradients`, both (P,); whether there is one."""
        is_coupled = not self.decoupled and bool(self.l1 or self.l2)
        if is_coupled:
            add_penalty_gradient_(gradients, parameters, self.l1, self.l2)
        return is_coupled

    @torch.no_grad()
    def after_step(self, optimizer: Optimizer) -> None:
        """Decoupled: shrink the parameters, by the learning rate of the step that was made."""
        if self.decoupled and (self.l1 or self.l2):
            for p, lr in _parameters(optimizer):
                shrink_(p, lr, self.l1, self.l2)


def penalty(p: Tensor, l1: float, l2: float) -> Tensor:
    """l1 |p|_1 + l2 / 2 |p|_2^2, a scalar."""
    return l1 * p.abs().sum() + l2 / 2 * p.square().sum()


def add_penalty_gradient_(grad: Tensor, p: Tensor, l1: float, l2: float) -> None:
    """Grad += l1 sign(p) + l2 p: the subgradient of `penalty`, with sign(0) = 0."""
    if l2:
        grad.add_(p, alpha=l2)
    if l1:
        grad.add_(p.sign(), alpha=l1)


def shrink_(p: Tensor, lr: float, l1: float, l2: float) -> None:
    """P = sign(q) max(|q| - lr l1, 0) with q = (1 - lr l2) p.

    The L2 part is the decoupled weight decay of Loshchilov & Hutter (ICLR, 2019), the L1 part the
    proximal step of Daubechies, Defrise & De Mol (2004), which unlike the subgradient reaches zero.
    """
    if l2:
        p.mul_(1 - lr * l2)
    if l1:
        p.copy_(torch.nn.functional.softshrink(p, lr * l1))


def _parameters(optimizer: Optimizer) -> Iterable[tuple[Tensor, float]]:
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is not None:
                yield p, float(group["lr"])
