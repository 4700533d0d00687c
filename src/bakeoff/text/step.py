"""What decoding asks of a language model: one word on, with the state it carries.

A step is a function `step(ids, state) -> (log_probs, state)`: ids (N,) int64, the newest word of each of N
sequences; log_probs (N, V), the natural logarithms of the next word's probabilities. The state is
any nest of tuples, lists and dictionaries of tensors (or None), **each with the N sequences as its first
dimension**: a net whose own layout is another (nn.LSTM's is layers, N, hidden) transposes inside its step.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

State = Any
Step = Callable[[Tensor, State], tuple[Tensor, State]]


def rows(state: State, index: Tensor) -> State:
    """The state of the sequences `index` (M,) int64: first dimension N becomes M, in that order."""
    if state is None:
        return None
    if isinstance(state, Tensor):
        return state.index_select(0, index)
    if isinstance(state, dict):
        return {key: rows(part, index) for key, part in state.items()}
    return type(state)([rows(part, index) for part in state])


def spread(log_probs: Tensor, state: State, copies: int) -> tuple[Tensor, State]:
    """Each sequence `copies` times, side by side: (N, V) and its state become (N * copies, V)."""
    index = torch.arange(len(log_probs), device=log_probs.device).repeat_interleave(copies)
    return log_probs[index], rows(state, index)
