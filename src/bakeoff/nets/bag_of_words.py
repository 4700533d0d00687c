"""The continuous bag of words (Mikolov et al., 2013)."""

from collections.abc import Sequence

from torch import Tensor, nn

from bakeoff.nets.word_embedding import word_embedding


class BagOfWords(nn.Module):
    """The mean of the word vectors of the context, then a linear layer.

    Input ids (B, words), output (B, numbers). The order of the words does not matter.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        vocabulary_size: int,
        dimension: int,
        embedding: Tensor | None,
        frozen: bool,
    ) -> None:
        super().__init__()
        self.embedding = word_embedding(vocabulary_size, dimension, embedding, frozen)
        self.output = nn.Linear(dimension, output_shape[0])

    def forward(self, ids: Tensor) -> Tensor:
        """(B, words) -> (B, numbers)."""
        return self.output(self.embedding(ids).mean(dim=1))
