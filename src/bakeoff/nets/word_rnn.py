"""Recurrent nets over the words of a context."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.word_embedding import word_embedding


class WordLSTM(nn.Module):
    """An LSTM (Hochreiter & Schmidhuber, 1997) of `layers` x `hidden` that reads the context from left to
    right, then a linear layer on its last hidden vector.

    Input ids (B, words), output (B, numbers). `dropout` applies to that last hidden vector.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        vocabulary_size: int,
        dimension: int,
        layers: int,
        hidden: int,
        dropout: float,
        embedding: Tensor | None,
        frozen: bool,
    ) -> None:
        super().__init__()
        self.embedding = word_embedding(vocabulary_size, dimension, embedding, frozen)
        self.lstm = nn.LSTM(dimension, hidden, layers, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, output_shape[0])

    def forward(self, ids: Tensor) -> Tensor:
        """(B, words) -> (B, numbers)."""
        states, _ = self.lstm(self.embedding(ids))
        return self.output(self.dropout(states[:, -1]))


class TwoLSTMs(nn.Module):
    """Two LSTMs that read towards a gap, then a linear layer on both last hidden vectors.

    One LSTM reads the first `before` words from left to right, the other reads the words after them from
    right to left. Input ids (B, words), output (B, numbers). Raises BakeoffError if one side has no words.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        vocabulary_size: int,
        before: int,
        dimension: int,
        layers: int,
        hidden: int,
        dropout: float,
        embedding: Tensor | None,
        frozen: bool,
    ) -> None:
        super().__init__()
        if not 0 < before < input_shape[0]:
            raise BakeoffError(
                f"two LSTMs need words on both sides of the gap: got {before} before and "
                f"{input_shape[0] - before} after (data.before, data.after)"
            )
        self.before = before
        self.embedding = word_embedding(vocabulary_size, dimension, embedding, frozen)
        self.left = nn.LSTM(dimension, hidden, layers, batch_first=True)
        self.right = nn.LSTM(dimension, hidden, layers, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(2 * hidden, output_shape[0])

    def forward(self, ids: Tensor) -> Tensor:
        """(B, words) -> (B, numbers)."""
        vectors = self.embedding(ids)
        left, _ = self.left(vectors[:, : self.before])
        right, _ = self.right(vectors[:, self.before :].flip(1))
        return self.output(self.dropout(torch.cat([left[:, -1], right[:, -1]], dim=1)))
