"""Words that may not come next: forbidden ones, ends that come too soon, n-grams seen before.

Sequences of different lengths share a tensor (N, T) of ids: -1 stands where there is no word.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from bakeoff.text.decoding import Limits

NONE = -1


def left_padded(prompts: Sequence[Sequence[int]], device: torch.device) -> Tensor:
    """Prompts of any lengths as (P, longest) int64, with -1 before the shorter ones."""
    longest = max(map(len, prompts))
    table = [[NONE] * (longest - len(prompt)) + list(prompt) for prompt in prompts]
    return torch.tensor(table, dtype=torch.int64, device=device)


def repeats(words: Tensor, n: int, vocabulary: int) -> Tensor:
    """Which next words would make the last n words of `words` (N, T) an n-gram seen before: (N, V) bool."""
    N, T = words.shape
    # One column more than the vocabulary takes the marks that mean nothing.
    mask = torch.zeros(N, vocabulary + 1, dtype=torch.bool, device=words.device)
    if n <= T:
        grams = words.unfold(1, n, 1)  # (N, T - n + 1, n)
        newest = words[:, None, T - n + 1 :]  # (N, 1, n - 1)
        again = (grams[..., :-1] == newest).all(-1) & (grams != NONE).all(-1)
        mask.scatter_(1, grams[..., -1].where(again, vocabulary), True)
    return mask[:, :-1]


def block(log_probs: Tensor, words: Tensor, length: int, limits: Limits) -> Tensor:
    """`log_probs` (N, V) with -inf for each word that `limits` rule out.

    `words` (N, T) are those seen so far, prompt included where its n-grams count; `length` is how many of
    them were generated. What remains is not normalized again: it stays the model's own.
    """
    never = [*limits.forbidden, *(limits.ends if length + 1 < limits.minimum else ())]
    columns = torch.tensor(never, dtype=torch.int64, device=log_probs.device)
    if not limits.ngram:
        return log_probs.index_fill(1, columns, -torch.inf)
    mask = repeats(words, limits.ngram, log_probs.shape[1]).index_fill_(1, columns, True)
    return log_probs.masked_fill(mask, -torch.inf)
