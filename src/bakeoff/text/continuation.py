"""The result of decoding: texts as ids, with their scores."""

from dataclasses import dataclass

from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.text.blocking import NONE
from bakeoff.text.decoding import Limits


@dataclass(frozen=True)
class Continuation:
    """A generated text.

    `words`: its ids, without the prompt, with the end. `log_prob`: the sum of the model's log-probabilities
    (natural logarithm) of these words, before temperature, top-k and top-p. `score`: the value that ranked
    the text: `log_prob`, after length normalization if beam search used it.
    """

    words: tuple[int, ...]
    log_prob: float
    score: float


def continuations(
    words: Tensor, log_probs: Tensor, scores: Tensor, limits: Limits
) -> list[list[Continuation]]:
    """The continuations of each of P prompts, from words (P, B, L), log_probs and scores (P, B), in order.

    A log-probability of -inf marks a text without a possible next word, which is left out. Raises
    BakeoffError if a prompt has no other text, or if a log-probability is NaN.
    """
    if log_probs.isnan().any():
        raise BakeoffError(
            "the net's log-probabilities are NaN, because its training diverged: choose another run"
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
                "point every next word was forbidden or repeated an n-gram (no-repeat n-gram size "
                f"{limits.ngram}); ask for fewer words, forbid fewer, or choose a larger n-gram size"
            )
    return found
