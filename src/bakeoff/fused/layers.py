"""Chains of dense layers, written out for several nets at once: torch's `vmap` needs half as long again.

x is (K, B, ...) in all functions, one part for each of K nets, and so are parameters.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bakeoff.fused.dropout import MASK, Masked
from bakeoff.nets.mlp import MLP
from bakeoff.nets.word_mlp import WordMLP

Given = Mapping[str, Tensor]  # parameters, buffers and masks of all nets, by name
Forward = Callable[[Given, Tensor], Tensor]
POINTWISE = (nn.ReLU, nn.Tanh, nn.Sigmoid, nn.Identity)


def written_out(net: nn.Module) -> Forward | None:
    """What computes the outputs (K, B, *output_shape) of K nets as `net`, in its mode; None for a net of
    another structure.
    """
    if type(net) is MLP:
        return _chain(net.layers, "layers.")
    if type(net) is WordMLP and _is_plain(net.embedding):
        after = _chain(net.mlp.layers, "mlp.layers.")
        return None if after is None else lambda given, ids: _words(after, given, ids)
    return None


def _is_plain(embedding: nn.Embedding) -> bool:
    special = (embedding.max_norm, embedding.padding_idx)
    return special == (None, None) and not embedding.scale_grad_by_freq and not embedding.sparse


def _words(after: Forward, given: Given, ids: Tensor) -> Tensor:
    """Scores for the ids (K, B, words) of `bakeoff.nets.word_mlp`."""
    table = given["embedding.weight"]
    nets, words, dimension = table.shape
    first = torch.arange(0, nets * words, words, device=ids.device).view(-1, 1, 1)
    vectors = F.embedding(ids + first, table.reshape(nets * words, dimension))
    output = after(given, vectors)
    return _linear(output, table, given["bias"]) if "bias" in given else output


def _chain(layers: nn.Sequential, prefix: str) -> Forward | None:
    found = [_layer(layer, f"{prefix}{name}.") for name, layer in layers.named_children()]
    if any(layer is None for layer in found):
        return None

    def forward(given: Given, x: Tensor) -> Tensor:
        for layer in found:
            x = layer(given, x)
        return x

    return forward


def _layer(layer: nn.Module, prefix: str) -> Forward | None:
    if type(layer) is nn.Flatten and (layer.start_dim, layer.end_dim) == (1, -1):
        return lambda _, x: x.flatten(2)
    if type(layer) is nn.Linear:
        return lambda given, x: _linear(x, given[f"{prefix}weight"], given.get(f"{prefix}bias"))
    if type(layer) is nn.BatchNorm1d and layer.momentum is not None and layer.track_running_stats:
        return lambda given, x: _batch_norm(layer, given, prefix, x)
    if type(layer) is Masked:
        return lambda given, x: x * given[f"{prefix}{MASK}"]
    drops = isinstance(layer, nn.Dropout) and layer.training and layer.p > 0  # no masks are given
    if isinstance(layer, (*POINTWISE, nn.Dropout)) and not drops:
        return lambda _, x: layer(x)
    return None


def _linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """X (K, B, inputs) times the weights (K, outputs, inputs), plus (K, outputs)."""
    if bias is None:
        return torch.bmm(x, weight.transpose(1, 2))
    return torch.baddbmm(bias.unsqueeze(1), x, weight.transpose(1, 2))


def _batch_norm(layer: nn.BatchNorm1d, given: Given, prefix: str, x: Tensor) -> Tensor:
    """Of x (K, B, features), as one normalization of K times as many features."""
    nets, batch, features = x.shape
    names = ("running_mean", "running_var", "weight", "bias")
    mean, var, weight, bias = (given.get(f"{prefix}{name}") for name in names)
    if layer.training:
        given[f"{prefix}num_batches_tracked"].add_(1)
    side_by_side = x.transpose(0, 1).reshape(batch, nets * features)
    normalized = F.batch_norm(
        side_by_side,
        mean.view(-1),
        var.view(-1),
        None if weight is None else weight.reshape(-1),
        None if bias is None else bias.reshape(-1),
        layer.training,
        layer.momentum,
        layer.eps,
    )
    return normalized.view(batch, nets, features).transpose(0, 1)
