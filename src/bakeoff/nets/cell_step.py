"""One word through nn.LSTM or nn.GRU, with a state that has the sequences as its first dimension.

For a single position the module itself is slow on a CPU: oneDNN packs its weights anew at every call.
Calling the cells one by one does the same arithmetic without that.
"""

import torch
from torch import Tensor, nn

from bakeoff.nets.carried_state import each

RecurrentState = Tensor | tuple[Tensor, Tensor]


def cell_step(
    net: nn.LSTM | nn.GRU, x: Tensor, state: RecurrentState
) -> tuple[Tensor, RecurrentState]:
    """The output (N, H) of `net` for x (N, input) after `state`, and the new state.

    The state is (h, c) for an LSTM and h for a GRU, each (N, layers, H): `sequences_first` of the state
    that the net returns for a whole prompt. There is no dropout between layers, as in evaluation.
    """
    assert not net.bidirectional, "a text that is being generated cannot be read backwards"
    assert not getattr(net, "proj_size", 0), "cells have no projection"
    lstm = isinstance(net, nn.LSTM)
    found = []
    for layer, weights in enumerate(net.all_weights):  # w_ih, w_hh and, with biases, b_ih, b_hh
        if lstm:
            new = torch.lstm_cell(x, [part[:, layer] for part in state], *weights)
            x = new[0]
        else:
            x = new = torch.gru_cell(x, state[:, layer], *weights)
        found.append(new)
    if lstm:
        return x, tuple(torch.stack(parts, 1) for parts in zip(*found, strict=True))
    return x, torch.stack(found, 1)


def sequences_first(state: RecurrentState) -> RecurrentState:
    """(layers, N, H), as nn.LSTM and nn.GRU return their states, to (N, layers, H)."""
    return each(state, lambda part: part.transpose(0, 1))


def layers_first(state: RecurrentState | None) -> RecurrentState | None:
    """(N, layers, H) to (layers, N, H), contiguous, as nn.LSTM and nn.GRU take their states."""
    return each(state, lambda part: part.transpose(0, 1).contiguous())
