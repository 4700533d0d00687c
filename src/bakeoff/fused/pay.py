"""Whether training several nets as one is faster than one after another: measured, not guessed."""

import copy
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from bakeoff.fused.stack import Stack
from bakeoff.fused.step import Loss, StackedNet, losses
from bakeoff.run.parts.measures import loss_parts

COPIES = 8  # at most, of the net
# The fastest of some tries counts: on a busy machine the first few can take ten times as long.
TRIES = 10
ENOUGH_S = 0.3  # of tries, which of a large net are fewer
# Seconds per step that a stacked run saves besides: what Lightning does for each batch of a run alone
# (benchmarks/members.py).
SAVED_S = 1e-3


def seconds_per_step(
    net: nn.Module, loss: Loss, x: Tensor, target: Tensor, count: int
) -> tuple[float, float]:
    """The seconds of a forward and backward pass for one net: alone, and as one of `count` stacked nets.
    On the processor those of its own work, on a GPU those of the clock.

    `x` and `target` are a batch as the net gets it. Neither the net nor the state of torch's random
    generator changes.
    """
    count = min(count, COPIES)
    nets = [without_dropout(net) for _ in range(count)]
    devices = [x.device] if x.is_cuda else []
    with torch.random.fork_rng(devices):
        alone = _least(lambda: _alone(nets[0], loss, x, target), x.device)
        stack, stacked = Stack(nets), StackedNet(nets[0], [])
        inputs, targets = (t.expand(count, *t.shape) for t in (x, target))

        def together() -> None:
            output = stacked(stack, [], inputs)
            stack.gradients(losses([loss], output, targets, alike=True)["loss"])

        return alone, _least(together, x.device) / count


def without_dropout(net: nn.Module) -> nn.Module:
    """A copy in training mode that drops nothing."""
    made = copy.deepcopy(net).train()
    for layer in made.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    return made


def _alone(net: nn.Module, loss: Loss, x: Tensor, target: Tensor) -> None:
    trained = [p for p in net.parameters() if p.requires_grad]
    torch.autograd.grad(loss_parts(loss(net(x), target))["loss"], trained, allow_unused=True)


def _least(work: Callable[[], None], device: torch.device) -> float:
    """The seconds of the fastest of some tries, after one that is not counted."""
    work()
    taken: list[float] = []
    while len(taken) < TRIES and sum(taken) < ENOUGH_S:
        taken.append(_seconds(work, device))
    return min(taken)


def _seconds(work: Callable[[], None], device: torch.device) -> float:
    began = _now(device)
    work()
    return _now(device) - began


def _now(device: torch.device) -> float:
    if device.type == "cuda":  # which works on while the thread goes on
        torch.cuda.synchronize(device)
        return time.perf_counter()
    # Of this thread, which computes alone: other processes may use the cores at the same time.
    return time.thread_time()
