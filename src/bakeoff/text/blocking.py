"""Blocks the words that `Limits` rules out: forbidden words, early ends and repeated n-grams.

Sequences of different lengths share a tensor (N, T) of ids; -1 fills the places without a word.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from bakeoff.text.decoding import Limits

NONE = -1


def left_padded(prompts: Sequence[Sequence[int]], device: torch.device) -> Tensor:
    """Prompts of any lengths as (P, longest) int64; the shorter ones are filled with -1 on the left."""
    longest = max(map(len, prompts))
    table = [[NONE] * (longest - len(prompt)) + list(prompt) for prompt in prompts]
    return torch.tensor(table, dtype=torch.int64, device=device)


def repeats(words: Tensor, n: int, vocabulary: int) -> Tensor:
    """Which next words would complete an n-gram that `words` (N, T) already holds, (N, V) bool."""
    N, T = words.shape
    # The extra column takes the n-grams that do not match.
    mask = torch.zeros(N, vocabulary + 1, dtype=torch.bool, device=words.device)
    if n <= T:
        grams = words.unfold(1, n, 1)  # (N, T - n + 1, n)
        newest = words[:, None, T - n + 1 :]  # (N, 1, n - 1)
        again = (grams[..., :-1] == newest).all(-1) & (grams != NONE).all(-1)
        mask.scatter_(1, grams[..., -1].where(again, vocabulary), True)
    return mask[:, :-1]


def block(log_probs: Tensor, words: Tensor, length: int, limits: Limits) -> Tensor:
    """`log_probs` (N, V) with -inf for each next word that `limits` rules out, and the rest unchanged.

    `words` (N, T) are the words so far, with the prompt if its n-grams count; the last `length` of them
    were generated.
    """
    never = [*limits.forbidden, *(limits.ends if length + 1 < limits.minimum else ())]
    columns = torch.tensor(never, dtype=torch.int64, device=log_probs.device)
    if not limits.ngram:
        return log_probs.index_fill(1, columns, -torch.inf)
    mask = repeats(words, limits.ngram, log_probs.shape[1]).index_fill_(1, columns, True)
    return log_probs.masked_fill(mask, -torch.inf)
