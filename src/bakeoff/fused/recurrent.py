"""Recurrent layers, written out so that torch can stack them: its own have no rule for `vmap`
(https://github.com/pytorch/pytorch/issues/105982).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def refusals(net: nn.Module) -> Iterator[str]:
    """Why recurrent layers of `net` cannot be written out."""
    for layer in (module for module in net.modules() if isinstance(module, nn.RNNBase)):
        if not isinstance(layer, nn.LSTM | nn.GRU):
            yield f"{type(layer).__name__} is not written out for several runs at once"
        elif layer.bidirectional or layer.proj_size:
            yield "a recurrent layer reads in both directions or has a projection"
        elif layer.dropout and layer.num_layers > 1:
            yield "a recurrent layer draws its own dropout"


def write_out(net: nn.Module) -> None:
    """Let the LSTMs and GRUs of `net` compute step by step."""
    for layer in net.modules():
        if isinstance(layer, nn.LSTM | nn.GRU):
            layer.forward = partial(read, layer)


def read(net: nn.LSTM | nn.GRU, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
    """What `net(x, state)` gives, for a batch of sequences of one length without dropout between layers."""
    if not (isinstance(x, Tensor) and x.ndim == 3):
        raise ValueError("a recurrent layer expects a batch of sequences as one tensor")
    if not net.batch_first:
        x = x.transpose(0, 1)
    is_lstm = isinstance(net, nn.LSTM)
    lasts = []
    for layer in range(net.num_layers):
        start = None if state is None else _of_layer(state, layer)
        x, last = (_lstm if is_lstm else _gru)(net, layer, x, start)
        lasts.append(last)
    if not net.batch_first:
        x = x.transpose(0, 1)
    if is_lstm:
        return x, tuple(torch.stack(parts) for parts in zip(*lasts, strict=True))
    return x, torch.stack(lasts)


def _of_layer(state: Any, layer: int) -> Any:
    return state[layer] if isinstance(state, Tensor) else tuple(part[layer] for part in state)


def _weights(net: nn.RNNBase, layer: int) -> tuple[Tensor, Tensor, Tensor | None, Tensor | None]:
    biases = [getattr(net, f"bias_{kind}_l{layer}") if net.bias else None for kind in ("ih", "hh")]
    return getattr(net, f"weight_ih_l{layer}"), getattr(net, f"weight_hh_l{layer}"), *biases


def _lstm(
    net: nn.LSTM, layer: int, x: Tensor, state: tuple[Tensor, Tensor] | None
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """Outputs (B, T, H) for x (B, T, input), and the last (h, c), each (B, H)."""
    w_ih, w_hh, b_ih, b_hh = _weights(net, layer)
    inputs = F.linear(x, w_ih, None if b_ih is None else b_ih + b_hh).unbind(1)
    h, c = (None, None) if state is None else state
    outputs = []
    for gates in inputs:
        i, f, g, o = (gates if h is None else gates + F.linear(h, w_hh)).chunk(4, dim=-1)
        new = i.sigmoid() * g.tanh()
        c = new if c is None else f.sigmoid() * c + new
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.stack(outputs, 1), (h, c)


def _gru(net: nn.GRU, layer: int, x: Tensor, h: Tensor | None) -> tuple[Tensor, Tensor]:
    """Outputs (B, T, H) for x (B, T, input), and the last h (B, H)."""
    w_ih, w_hh, b_ih, b_hh = _weights(net, layer)
    if h is None:
        h = x.new_zeros(len(x), net.hidden_size)
    outputs = []
    for gates in F.linear(x, w_ih, b_ih).unbind(1):
        i_r, i_z, i_n = gates.chunk(3, dim=-1)
        h_r, h_z, h_n = F.linear(h, w_hh, b_hh).chunk(3, dim=-1)
        z, n = (i_z + h_z).sigmoid(), (i_n + (i_r + h_r).sigmoid() * h_n).tanh()
        h = n + z * (h - n)
        outputs.append(h)
    return torch.stack(outputs, 1), h
