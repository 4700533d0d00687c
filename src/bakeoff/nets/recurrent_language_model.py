"""A recurrent net that predicts the next word and carries its state through a text."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.carried_state import each
from bakeoff.nets.cell_step import RecurrentState, cell_step, layers_first, sequences_first
from bakeoff.nets.word_embedding import word_embedding

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentLanguageModel(nn.Module):
    """A recurrent net of `layers` x `hidden` over word vectors, and the scores of the next word.

    Input ids (B, T) int. For `output_shape` (words,) the output is the scores after the last position,
    (B, words). For `output_shape` (T, words) it is the scores at every position, (B, T, words), and the net
    carries a state, as `bakeoff.nets.carried_state` describes. A row whose first id is its complement,
    ~id < 0, begins a text: its state starts at zero. The state, everywhere in this class, is (h, c) of an
    LSTM and h of a GRU, each (B, layers, hidden).

    With `tied`, the scores are products with the word vectors (Press & Wolf, EACL, 2017), after a linear
    layer if `hidden` differs from `dimension`. `dropout` applies to word vectors, between layers and to
    the last layer's output.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        vocabulary_size: int,
        cell: str,
        dimension: int,
        layers: int,
        hidden: int,
        dropout: float,
        tied: bool,
        embedding: Tensor | None,
        frozen: bool,
    ) -> None:
        super().__init__()
        if cell not in CELLS:
            raise BakeoffError(f"model.cell is {cell!r}: expected one of {', '.join(CELLS)}")
        if output_shape[-1] != vocabulary_size:
            raise BakeoffError(
                f"a language model scores the {vocabulary_size:,} words of the vocabulary, but this task "
                f"has the outputs {tuple(output_shape)}: choose another model"
            )
        self.carries = len(output_shape) == 2
        self.embedding = word_embedding(vocabulary_size, dimension, embedding, frozen)
        self.rnn = CELLS[cell](
            dimension, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0
        )
        self.dropout = nn.Dropout(dropout)
        self.narrow = nn.Linear(hidden, dimension) if tied and hidden != dimension else None
        self.output = nn.Linear(dimension if tied else hidden, vocabulary_size)
        if tied:
            self.output.weight = self.embedding.weight

    def forward(
        self, ids: Tensor, state: RecurrentState | None = None
    ) -> Tensor | tuple[Tensor, RecurrentState]:
        """(B, T) -> (B, words); if the net carries a state, (B, T) and state -> (B, T, words) and state."""
        begins = ids[:, 0] < 0
        ids = torch.where(ids < 0, ~ids, ids)
        if not self.carries:
            return self._scores(self._read(ids, None)[0][:, -1])
        kept = each(state, lambda part: part.masked_fill(begins[:, None, None], 0))
        hidden, state = self._read(ids, kept)
        return self._scores(hidden), state

    def start(self, ids: Tensor) -> tuple[Tensor, RecurrentState]:
        """Read prompts (N, T): log-probabilities (N, words) of the next word, and the state after them."""
        hidden, state = self._read(ids, None)
        return self._scores(hidden[:, -1]).log_softmax(dim=-1), state

    def step(self, ids: Tensor, state: RecurrentState) -> tuple[Tensor, RecurrentState]:
        """Read one more word of each of N texts (N,), as `bakeoff.text.step` describes."""
        hidden, state = cell_step(self.rnn, self.embedding(ids), state)
        return self._scores(hidden).log_softmax(dim=-1), state

    def _read(self, ids: Tensor, state: RecurrentState | None) -> tuple[Tensor, RecurrentState]:
        """Ids (B, T) after `state`: the last layer's output (B, T, hidden), and the new state."""
        hidden, state = self.rnn(self.dropout(self.embedding(ids)), layers_first(state))
        return hidden, sequences_first(state)

    def _scores(self, hidden: Tensor) -> Tensor:
        """(..., hidden) -> (..., words)."""
        hidden = self.dropout(hidden)
        if self.narrow is not None:
            hidden = self.narrow(hidden)
        return self.output(hidden)
