"""The state that a net carries through a long sequence, from one part of it to the next.

A net that carries a state declares `carries = True` and is called with that state:

    output, state = net(x, state)

- `x` (B, ...) is one part of each of B sequences. Row b of the next call goes on where row b ended.
- `state` is what the net knows of the parts before: tensors, in any nest of tuples, lists and dictionaries,
  each tensor with the B sequences as its first dimension. None: the net has read nothing yet.
- A row of `x` may begin a new sequence. The data mark such a row and the net starts it anew, in a way
  that both understand: the caller does not look into `x`.

The net keeps nothing from call to call; its caller holds the state, one for every sequence that it reads,
so that reading one text cannot disturb another. The caller detaches the state from the graph of the call
before wherever gradients must not flow back through all parts.

A net without `carries` is called as `net(x)` and returns its output alone.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

State = Any


def carries(net: nn.Module) -> bool:
    """Whether `net` carries a state."""
    return getattr(net, "carries", False)


def read(net: nn.Module, x: Tensor, state: State = None) -> tuple[Tensor, State]:
    """The output of any net for `x` after `state`, and its state after `x`: None if it carries none."""
    return net(x, state) if carries(net) else (net(x), None)


def each(state: State, function: Callable[[Tensor], Tensor]) -> State:
    """The state with `function` applied to each of its tensors."""
    if state is None:
        return None
    if isinstance(state, Tensor):
        return function(state)
    if isinstance(state, dict):
        return {key: each(part, function) for key, part in state.items()}
    return type(state)([each(part, function) for part in state])
