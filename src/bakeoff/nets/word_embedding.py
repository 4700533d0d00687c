"""A table of vectors, one for each word: learned, or taken from a training before."""

from torch import Tensor, nn

from bakeoff.errors import BakeoffError


def word_embedding(
    vocabulary_size: int, dimension: int, table: Tensor | None, frozen: bool
) -> nn.Embedding:
    """Vectors of `dimension` for `vocabulary_size` words, from `table` (words, dimension) where there is
    one; `frozen` ones are not trained. Raises BakeoffError where the table has other sizes.
    """
    if dimension < 1:
        raise BakeoffError(f"model.dimension is {dimension}: expected 1 or more")
    if table is None:
        vectors = nn.Embedding(vocabulary_size, dimension)
        nn.init.normal_(vectors.weight, std=dimension**-0.5)  # vectors of length one, about
        vectors.weight.requires_grad = not frozen
        return vectors
    if tuple(table.shape) != (vocabulary_size, dimension):
        raise BakeoffError(
            f"model.embedding holds {table.shape[0]:,} words of dimension {table.shape[1]}: expected "
            f"{vocabulary_size:,} of dimension {dimension} (model.dimension={table.shape[1]} takes it)"
        )
    return nn.Embedding.from_pretrained(table.clone(), freeze=frozen)
