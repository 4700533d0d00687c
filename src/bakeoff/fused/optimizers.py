"""Optimizers of members: each steps its own row of the stacked parameters, with settings of its own."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from bakeoff.fused.stack import Stack

# Each number of these goes its own way, so that all parameters can be stepped as one tensor.
ELEMENTWISE = (
    *(torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RAdam, torch.optim.NAdam),
    torch.optim.RMSprop,
)
# What fused Adam does with lists of parameters; its optimizers need ten times as long for a small one.
KERNELS = {torch.optim.Adam: torch._fused_adam_, torch.optim.AdamW: torch._fused_adamw_}


def stepper(own: Optimizer, stack: Stack, number: int) -> "RowOptimizer | OwnOptimizer":
    """What steps row `number` of a stack, as `own`, the member's optimizer of single parameters, does."""
    if type(own) not in ELEMENTWISE or len(own.param_groups) != 1:
        return OwnOptimizer(own, stack, number)
    return (FusedAdam if _is_fused_adam(own) else RowOptimizer)(own, stack, number)


def _is_fused_adam(own: Optimizer) -> bool:
    settings = own.param_groups[0]
    plain = not any(settings.get(name) for name in ("amsgrad", "maximize", "capturable"))
    return type(own) in KERNELS and settings.get("fused") and plain


class OwnOptimizer:
    """Steps the parameters of a member by its own optimizer, whatever that is."""

    def __init__(self, own: Optimizer, stack: Stack, number: int) -> None:
        self.optimizer = own
        self.row = stack.flat[number]
        self._stack = stack
        self._parameters = stack.members[number]

    def step(self, gradient: Tensor) -> None:
        """One step by the gradient (P,)."""
        for name, part in self._stack.parts(gradient).items():
            self._parameters[name].grad = part
        self.optimizer.step()

    def write_back(self) -> None:
        """The state is where it belongs."""


class RowOptimizer:
    """Steps a row of a stack as `own`, the member's optimizer of single parameters, would step them.

    The settings are those that `own` has at each step, so that a schedule of `own` holds. `write_back`
    gives `own` the state that it would have.
    """

    def __init__(self, own: Optimizer, stack: Stack, number: int) -> None:
        self._own = own
        self._stack = stack
        self.row = nn.Parameter(stack.flat[number])
        settings = {k: v for k, v in own.param_groups[0].items() if k != "params"}
        self.optimizer = type(own)([{"params": [self.row], **settings}], lr=settings["lr"])
        self._parameters = own.param_groups[0]["params"]
        own._opt_called = True  # its schedule warns where no step was made before its own
        if own.state:
            self.optimizer.state[self.row] = self._joined()

    def step(self, gradient: Tensor) -> None:
        """One step by the gradient (P,)."""
        self.row.grad = gradient
        group = self.optimizer.param_groups[0]
        group.update((k, v) for k, v in self._own.param_groups[0].items() if k != "params")
        self.optimizer.step()

    def write_back(self) -> None:
        """Give the member's own optimizer the state after the last step."""
        for name, value in self.optimizer.state[self.row].items():
            parts = self._split(value)
            for parameter, part in zip(self._parameters, parts, strict=True):
                self._own.state[parameter][name] = part

    def _split(self, value: Tensor | None) -> Sequence[Tensor | None]:
        if value is None or value.dim() == 0:
            return [value if value is None else value.clone() for _ in self._parameters]
        return [part.clone() for part in self._stack.parts(value).values()]

    def _joined(self) -> dict[str, Tensor | None]:
        """The state of all parameters as that of one."""
        states = [self._own.state[parameter] for parameter in self._parameters]
        joined = {}
        for name, value in states[0].items():
            is_part = isinstance(value, Tensor) and value.dim() > 0
            joined[name] = torch.cat([s[name].flatten() for s in states]) if is_part else value
        return joined


class FusedAdam(RowOptimizer):
    """`torch.optim.Adam` or `AdamW` with `fused`, without what these look up at each step."""

    def step(self, gradient: Tensor) -> None:
        """One step by the gradient (P,), called without autograd."""
        if self.row not in self.optimizer.state:  # the optimizer itself begins its state
            super().step(gradient)
            return
        state, own = self.optimizer.state[self.row], self._own.param_groups[0]
        self.row.grad = gradient
        self.optimizer.param_groups[0]["lr"] = own["lr"]
        state["step"] += 1
        KERNELS[type(self._own)](
            [self.row],
            [gradient],
            [state["exp_avg"]],
            [state["exp_avg_sq"]],
            [],
            [state["step"]],
            lr=float(own["lr"]),
            beta1=own["betas"][0],
            beta2=own["betas"][1],
            weight_decay=own["weight_decay"],
            eps=own["eps"],
            amsgrad=False,
            maximize=False,
        )
