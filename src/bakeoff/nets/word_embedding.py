"""A table with a vector for each word: drawn at random, or copied from an earlier training."""

from torch import Tensor, nn

from bakeoff.errors import BakeoffError


def word_embedding(
    vocabulary_size: int, dimension: int, table: Tensor | None, frozen: bool
) -> nn.Embedding:
    """Vectors of `dimension` for `vocabulary_size` words, copied from `table` (words, dimension) if given.

    `frozen` vectors are not trained. Raises BakeoffError if the table has other sizes.
    """
    if dimension < 1:
        raise BakeoffError(f"model.dimension is {dimension}: expected 1 or more")
    if table is None:
        vectors = nn.Embedding(vocabulary_size, dimension)
        nn.init.normal_(vectors.weight, std=dimension**-0.5)  # of length one, on average
        vectors.weight.requires_grad = not frozen
        return vectors
    if tuple(table.shape) != (vocabulary_size, dimension):
        raise BakeoffError(
            f"model.embedding holds {table.shape[0]:,} words of dimension {table.shape[1]}: expected "
            f"{vocabulary_size:,} of dimension {dimension} (model.dimension={table.shape[1]} takes it)"
        )
    return nn.Embedding.from_pretrained(table.clone(), freeze=frozen)
