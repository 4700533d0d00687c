"""A multi-layer perceptron over the words of a context (Bengio et al., JMLR, 2003)."""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.nets.mlp import MLP
from bakeoff.nets.word_embedding import word_embedding


class WordMLP(nn.Module):
    """The word vectors of the context, concatenated, then an MLP with ReLU and the widths `hidden`.

    Input ids (B, words), output (B, numbers). With `tied`, the MLP ends with `dimension` numbers and the
    scores are their products with the word vectors (Press & Wolf, EACL, 2017); the output then has one
    number for each word of the vocabulary. `dropout` applies to the hidden activations.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        vocabulary_size: int,
        dimension: int,
        hidden: Sequence[int],
        dropout: float,
        tied: bool,
        embedding: Tensor | None,
        frozen: bool,
    ) -> None:
        super().__init__()
        self.embedding = word_embedding(vocabulary_size, dimension, embedding, frozen)
        self.bias = None
        if tied:
            if tuple(output_shape) != (vocabulary_size,):
                raise BakeoffError(
                    "model.tied is true: expected a task that predicts words of the vocabulary "
                    f"({vocabulary_size:,} numbers), but this task has the outputs {tuple(output_shape)}"
                )
            self.bias = nn.Parameter(self.embedding.weight.new_zeros(vocabulary_size))
        numbers = (dimension,) if tied else output_shape
        inputs = (input_shape[0] * dimension,)
        self.mlp = MLP(inputs, numbers, hidden, "relu", dropout, batch_norm=False)

    def forward(self, ids: Tensor) -> Tensor:
        """(B, words) -> (B, numbers)."""
        output = self.mlp(self.embedding(ids))
        return output if self.bias is None else F.linear(output, self.embedding.weight, self.bias)
