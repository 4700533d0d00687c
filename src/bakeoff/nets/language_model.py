"""Nets that predict the next word, and carry a state from one to the next."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.cell_step import cell_step, sequences_first
from bakeoff.nets.word_embedding import word_embedding

State = Tensor | tuple[Tensor, Tensor]
CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentLanguageModel(nn.Module):
    """A recurrent net of `layers` x `hidden` over word vectors, and the scores of the next word.

    Input ids (B, T) int. Where the task asks for one word (`output_shape` (words,)) the output is that
    after the last position, (B, words); where it asks for one at every position ((T, words)), it is
    (B, T, words), and the state is carried from call to call: a row whose first id is its complement,
    ~id < 0, starts anew. Gradients do not flow through the state (truncated backpropagation through
    time, Williams & Peng, 1990).

    With `tied`, scores are products with the word vectors (Press & Wolf, EACL, 2017), after a linear
    layer where hidden and dimension differ. `dropout` is of word vectors, between layers and of the output.
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
        self._state: State | None = None

    def forward(self, ids: Tensor) -> Tensor:
        """(B, T) -> (B, T, words) or (B, words)."""
        fresh = ids[:, 0] < 0
        ids = torch.where(ids < 0, ~ids, ids)
        if not self.carries:
            return self.scores(self.states(ids, None)[0][:, -1])
        state = _kept(self._state, fresh)
        states, new = self.states(ids, state)
        self._state = _each(new, Tensor.detach)
        return self.scores(states)

    def states(self, ids: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Ids (B, T) after a state as torch has it, (layers, B, hidden): (B, T, hidden), new state."""
        return self.rnn(self.dropout(self.embedding(ids)), state)

    def scores(self, states: Tensor) -> Tensor:
        """(..., hidden) -> (..., words)."""
        states = self.dropout(states)
        if self.narrow is not None:
            states = self.narrow(states)
        return self.output(states)

    def start(self, ids: Tensor) -> tuple[Tensor, State]:
        """Read prompts (N, T): log-probabilities (N, words) of the next word, and the state after them,
        with the sequences first, (N, layers, hidden).
        """
        states, state = self.states(ids, None)
        log_probs = self.scores(states[:, -1]).log_softmax(dim=-1)
        return log_probs, sequences_first(state)

    def step(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """Read one word more of each of N texts (N,); as `bakeoff.text.step` says."""
        states, state = cell_step(self.rnn, self.embedding(ids), state)
        return self.scores(states).log_softmax(dim=-1), state


def _each(state: State, function) -> State:
    return function(state) if isinstance(state, Tensor) else tuple(map(function, state))


def _kept(state: State | None, fresh: Tensor) -> State | None:
    """The state with zeros for `fresh` rows (B,); None where all are."""
    first = state if isinstance(state, Tensor) or state is None else state[0]
    if first is None or first.shape[1] != len(fresh):
        return None
    keep = (~fresh).to(first.dtype)[None, :, None]
    return _each(state, lambda part: part * keep)
