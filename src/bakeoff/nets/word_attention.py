"""Attention over the words of a context."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.word_embedding import word_embedding


class WordAttention(nn.Module):
    """`layers` transformer encoder layers (Vaswani et al., NeurIPS, 2017) over the words of a context and
    one more position, the gap; a linear layer reads the output off the gap's last hidden vector.

    Every position, the gap included, has a learned position embedding. Input ids (B, words), output (B,
    numbers). Raises BakeoffError if `heads` does not divide `width`.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        vocabulary_size: int,
        dimension: int,
        width: int,
        heads: int,
        layers: int,
        dropout: float,
        embedding: Tensor | None,
        frozen: bool,
    ) -> None:
        super().__init__()
        if width % heads:
            raise BakeoffError(
                f"model.width is {width}: expected a multiple of model.heads={heads}"
            )
        self.embedding = word_embedding(vocabulary_size, dimension, embedding, frozen)
        self.widen = nn.Linear(dimension, width)
        # The gap comes last. The learned position embeddings tell which words stand before and after it.
        self.positions = nn.Parameter(torch.randn(input_shape[0] + 1, width) * 0.1)
        layer = nn.TransformerEncoderLayer(
            width, heads, 2 * width, dropout, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.output = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, output_shape[0]))

    def forward(self, ids: Tensor) -> Tensor:
        """(B, words) -> (B, numbers)."""
        words = self.widen(self.embedding(ids))
        gap = words.new_zeros(len(ids), 1, words.shape[-1])
        states = self.encoder(torch.cat([words, gap], dim=1) + self.positions)
        return self.output(states[:, -1])
