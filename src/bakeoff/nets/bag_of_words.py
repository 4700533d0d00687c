"""The continuous bag of words (Mikolov et al., 2013)."""

from collections.abc import Sequence

from torch import Tensor, nn

from bakeoff.nets.word_embedding import word_embedding


class BagOfWords(nn.Module):
    """The mean of the vectors of the context's words, then a linear layer.

    Input ids (B, words), whose order does not count, output (B, numbers).
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
