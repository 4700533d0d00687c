"""What decoding returns: texts as ids, with their scores."""

from dataclasses import dataclass

from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.text.blocking import NONE
from bakeoff.text.decoding import Limits


@dataclass(frozen=True)
class Continuation:
    """A generated text.

    `words`: ids, without the prompt, the end included. `log_prob`: the sum of the model's own
    log-probabilities (natural logarithm) of these words, whatever distribution they were drawn from.
    `score`: what it was ranked by: `log_prob`, divided for its length by beam search if so asked.
    """

    words: tuple[int, ...]
    log_prob: float
    score: float


def continuations(
    words: Tensor, log_probs: Tensor, scores: Tensor, limits: Limits
) -> list[list[Continuation]]:
    """Those of each prompt, in the order given, from words (P, B, L), log_probs and scores (P, B).

    A score of -inf marks a text that could not go on. Raises BakeoffError where a prompt has no other, and
    where a score is not a number.
    """
    if log_probs.isnan().any():
        raise BakeoffError(
            "the net's log-probabilities are not numbers (NaN): its training diverged; generate with "
            "another run"
        )
    found = [
        [
            Continuation(tuple(word for word in text if word != NONE), log_prob, score)
            for text, log_prob, score in zip(*lists, strict=True)
            if log_prob > -float("inf")
        ]
        for lists in zip(words.tolist(), log_probs.tolist(), scores.tolist(), strict=True)
    ]
    for number, texts in enumerate(found, 1):
        if not texts:
            raise BakeoffError(
                f"prompt {number} of {len(found)} cannot be continued for {limits.maximum} words: at some "
                f"word all others were forbidden or (with blocked n-grams of {limits.ngram} words) "
                "repetitions; ask for fewer words, forbid fewer, or block longer n-grams"
            )
    return found
