"""A causal transformer that predicts the next word."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.nets.word_embedding import word_embedding

Cache = tuple[Tensor, Tensor]  # keys and values of one layer, each (N, heads, words, width / heads)


class CausalTransformer(nn.Module):
    """`layers` blocks over word vectors of `width`, and the scores of the next word.

    A block is self-attention and a two-layer perceptron (Vaswani et al., NeurIPS, 2017), each with layer
    normalization before it (Xiong et al., ICML, 2020). The scores are products with the word vectors (Press
    & Wolf, EACL, 2017).

    A position attends to itself and to the positions before it, over as many words as `input_shape` has.
    ALiBi (Press et al., ICLR, 2022) replaces position embeddings: it subtracts slope times distance from
    the attention logits. So the net can read texts that are longer than its training examples.

    Input ids (B, T), output (B, words) or, for `output_shape` (T, words), (B, T, words). A first id that
    is its complement, ~id < 0, begins a text. In training the net carries no state from one part of a text
    to the next.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        vocabulary_size: int,
        width: int,
        heads: int,
        layers: int,
        dropout: float,
    ) -> None:
        super().__init__()
        if width % heads:
            raise BakeoffError(
                f"model.width is {width}: expected a multiple of model.heads={heads}"
            )
        if output_shape[-1] != vocabulary_size:
            raise BakeoffError(
                f"a language model scores the {vocabulary_size:,} words of the vocabulary, but this task "
                f"has the outputs {tuple(output_shape)}: choose another model"
            )
        self.every = len(output_shape) == 2
        self.reach = input_shape[0]
        self.embedding = word_embedding(vocabulary_size, width, None, frozen=False)
        self.layers = nn.ModuleList(_Layer(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        self.bias = nn.Parameter(torch.zeros(vocabulary_size))

    def forward(self, ids: Tensor) -> Tensor:
        """(B, T) -> (B, T, words) or (B, words)."""
        states, _ = self._read(torch.where(ids < 0, ~ids, ids), None)
        return self._scores(states if self.every else states[:, -1])

    def start(self, ids: Tensor) -> tuple[Tensor, list[Cache]]:
        """Read prompts (N, T): log-probabilities (N, words) of the next word, and the state after them."""
        states, cache = self._read(ids[:, -self.reach :], None)
        return self._scores(states[:, -1]).log_softmax(dim=-1), cache

    def step(self, ids: Tensor, state: list[Cache]) -> tuple[Tensor, list[Cache]]:
        """Read one more word of each of N texts (N,), as `bakeoff.text.step` describes."""
        states, cache = self._read(ids[:, None], state)
        return self._scores(states[:, -1]).log_softmax(dim=-1), cache

    def _read(self, ids: Tensor, cache: list[Cache] | None) -> tuple[Tensor, list[Cache]]:
        x, new = self.dropout(self.embedding(ids)), []
        for number, layer in enumerate(self.layers):
            x, seen = layer(x, cache[number] if cache else None, self.reach)
            new.append(seen)
        return x, new

    def _scores(self, states: Tensor) -> Tensor:
        return F.linear(self.dropout(self.norm(states)), self.embedding.weight, self.bias)


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(width)
        self.project = nn.Linear(width, 3 * width)
        self.join = nn.Linear(width, width)
        self.perceptron = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.dropout = nn.Dropout(dropout)
        # Head h of H has the slope 2^(-8h/H), h = 1..H, as in the paper.
        slopes = 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
        self.register_buffer("slopes", slopes.reshape(-1, 1, 1), persistent=False)

    def forward(self, x: Tensor, cache: Cache | None, reach: int) -> tuple[Tensor, Cache]:
        query, key, value = self.project(self.before(x)).chunk(3, dim=-1)
        query, key, value = (self._split(part) for part in (query, key, value))
        if cache is not None:
            key, value = (
                torch.cat(pair, dim=2)[:, :, -reach:]
                for pair in ((cache[0], key), (cache[1], value))
            )
        there, now = key.shape[2], query.shape[2]
        distance = torch.arange(there - now, there, device=x.device)[:, None] - torch.arange(
            there, device=x.device
        )
        bias = (-self.slopes * distance).masked_fill(distance < 0, -torch.inf)
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        x = x + self.dropout(self.join(seen.transpose(1, 2).flatten(2)))
        return x + self.dropout(self.perceptron(x)), (key, value)

    def _split(self, part: Tensor) -> Tensor:
        """(B, T, width) -> (B, heads, T, width / heads)."""
        return part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
