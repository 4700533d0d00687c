"""The settings of decoding, checked before anything slow is loaded: this file needs no torch."""

import math
from dataclasses import dataclass

from bakeoff.errors import BakeoffError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What may be generated, whatever way words are chosen.

    - `minimum`, `maximum`: length in tokens, the prompt not counted, an end counted;
    - `ends`: ids after which a text is complete (the end is part of it); without them every text has
      `maximum` tokens and `minimum` says nothing;
    - `forbidden`: ids that are never produced;
    - `ngram`: no sequence of so many tokens comes twice (Paulus et al., ICLR 2018, with 3); 0 for off.
    """

    minimum: int
    maximum: int
    ends: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()
    ngram: int = 0

    def __post_init__(self) -> None:
        if self.maximum < 1:
            raise BakeoffError(f"{self.maximum} words to generate: ask for at least 1")
        if not 0 <= self.minimum <= self.maximum:
            raise BakeoffError(
                f"at least {self.minimum} and at most {self.maximum} words to generate: "
                "the least must be between 0 and the most"
            )
        if self.ngram < 0:
            raise BakeoffError(
                f"blocked n-grams of {self.ngram} words: give 1 or more, or 0 to allow repetition"
            )

    def check(self, vocabulary: int) -> None:
        """Raise BakeoffError where ids are outside `vocabulary` words, or no word is left to begin with."""
        strange = sorted(i for i in {*self.forbidden, *self.ends} if not 0 <= i < vocabulary)
        if strange:
            raise BakeoffError(
                f"forbidden words or ends {strange} are not in the vocabulary: "
                f"its ids are 0 to {vocabulary - 1}"
            )
        if len({*self.forbidden, *(self.ends if self.minimum > 1 else ())}) == vocabulary:
            raise BakeoffError(
                f"all {vocabulary} words of the vocabulary are forbidden (or ends, before at least "
                f"{self.minimum} words): nothing is left to generate; forbid fewer"
            )


@dataclass(frozen=True, kw_only=True)
class Beams:
    """How beam search ranks: `count` sequences kept at each step, and their length normalization.

    A sequence's score is its log-probability / length ** `length_exponent`: 0 ranks by probability, which
    favours short texts where lengths differ; 1 by the mean per token, that is by perplexity. (Wu et al.,
    2016, divide by ((5 + length) / 6) ** alpha instead.)

    More beams than words in the vocabulary are no mistake: they fill up from the second step on.
    """

    count: int
    length_exponent: float

    def __post_init__(self) -> None:
        if self.count < 1:
            raise BakeoffError(f"{self.count} beams: give at least 1 (1 is greedy decoding)")
        if not (math.isfinite(self.length_exponent) and self.length_exponent >= 0):
            raise BakeoffError(
                f"length exponent {self.length_exponent}: give 0 (rank by probability), "
                "1 (rank by the mean per word) or another number of at least 0"
            )


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How sampling changes the model's distribution, in this order; the defaults leave it as it is.

    - `temperature`: log-probabilities are divided by it: below 1 bolder words become rarer;
    - `top_k`: only the k most probable words (Fan et al., ACL 2018); None for all;
    - `top_p`: only the most probable words that together reach probability p (nucleus sampling, Holtzman
      et al., ICLR 2020).
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature > 0):
            raise BakeoffError(
                f"temperature {self.temperature}: give a number above 0 "
                "(1 samples from the model as it is; for the limit 0 use 1 beam, without sampling)"
            )
        if self.top_k is not None and self.top_k < 1:
            raise BakeoffError(
                f"top-k {self.top_k}: give at least 1, or leave it out for all words"
            )
        if not 0 < self.top_p <= 1:
            raise BakeoffError(
                f"top-p {self.top_p}: give a probability above 0 and at most 1 (1 keeps all words)"
            )
