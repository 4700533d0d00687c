"""How decoding calls a language model: one word at a time, with the state that the model carries.

A step is a function `step(ids, state) -> (log_probs, state)`: ids (N,) int64, the newest word of each of N
sequences; log_probs (N, V), the natural logarithms of the next word's probabilities. The state has the
form that `bakeoff.nets.carried_state` describes: each of its tensors has **the N sequences as its first
dimension**.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from bakeoff.nets.carried_state import State, each

Step = Callable[[Tensor, State], tuple[Tensor, State]]


def rows(state: State, index: Tensor) -> State:
    """The state of the sequences `index` (M,) int64: first dimension N becomes M, in that order."""
    return each(state, lambda part: part.index_select(0, index))


def spread(log_probs: Tensor, state: State, copies: int) -> tuple[Tensor, State]:
    """Each sequence `copies` times, side by side: (N, V) and its state become (N * copies, V)."""
    index = torch.arange(len(log_probs), device=log_probs.device).repeat_interleave(copies)
    return log_probs[index], rows(state, index)
