"""The settings of decoding. This file imports no torch, so that wrong settings are refused at once."""

import math
from dataclasses import dataclass

from bakeoff.errors import BakeoffError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Which texts may be generated, by beam search or by sampling.

    - `minimum`, `maximum`: the length of the generated text in tokens, its end token included;
    - `ends`: ids that end a text, such as that of a full stop. Without them every text has `maximum` tokens
      and `minimum` has no effect;
    - `forbidden`: ids that are never generated;
    - `ngram`: no-repeat n-gram size: a sequence of this many tokens occurs at most once (Paulus et al.,
      ICLR 2018, use 3); 0 turns it off.
    """

    minimum: int
    maximum: int
    ends: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()
    ngram: int = 0

    def __post_init__(self) -> None:
        if self.maximum < 1:
            raise BakeoffError(f"{self.maximum} words to generate: expected at least 1")
        if not 0 <= self.minimum <= self.maximum:
            raise BakeoffError(
                f"at least {self.minimum} and at most {self.maximum} words to generate: "
                "expected a minimum between 0 and the maximum"
            )
        if self.ngram < 0:
            raise BakeoffError(
                f"no-repeat n-gram size {self.ngram}: expected 1 or more, or 0 to allow repetition"
            )

    def check(self, vocabulary: int) -> None:
        """Raise BakeoffError if an id is not below `vocabulary`, or if no word may come first."""
        strange = sorted(i for i in {*self.forbidden, *self.ends} if not 0 <= i < vocabulary)
        if strange:
            raise BakeoffError(
                f"forbidden words or ends {strange} are not in the vocabulary: "
                f"its ids are 0 to {vocabulary - 1}"
            )
        if len({*self.forbidden, *(self.ends if self.minimum > 1 else ())}) == vocabulary:
            raise BakeoffError(
                f"all {vocabulary} words of the vocabulary are forbidden, or are ends that a text of at "
                f"least {self.minimum} words cannot start with: forbid fewer words"
            )


@dataclass(frozen=True, kw_only=True)
class Beams:
    """The number of beams, `count`, and the length normalization of their scores.

    The score of a sequence is its log-probability / length ** `length_exponent`. An exponent of 0 ranks by
    probability, which favours short texts; 1 ranks by the mean log-probability per token, which is the
    order of perplexity. (Wu et al., 2016, divide by ((5 + length) / 6) ** alpha instead.)

    The number of beams may exceed the size of the vocabulary: the beams fill up from the second step on.
    """

    count: int
    length_exponent: float

    def __post_init__(self) -> None:
        if self.count < 1:
            raise BakeoffError(f"{self.count} beams: expected at least 1 (1 is greedy decoding)")
        if not (math.isfinite(self.length_exponent) and self.length_exponent >= 0):
            raise BakeoffError(
                f"length exponent {self.length_exponent}: expected 0 (rank by probability), "
                "1 (rank by the mean per word) or another number of at least 0"
            )


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """Changes of the model's distribution before a word is drawn, applied in this order; the defaults
    change nothing.

    - `temperature`: divides the log-probabilities; below 1 improbable words become rarer;
    - `top_k`: keeps only the k most probable words (Fan et al., ACL 2018); None keeps all;
    - `top_p`: keeps only the most probable words that together reach probability p (nucleus sampling,
      Holtzman et al., ICLR 2020); 1 keeps all.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature > 0):
            raise BakeoffError(
                f"temperature {self.temperature}: expected a number above 0 (1 leaves the model's "
                "distribution as it is; for the limit 0 use 1 beam, without sampling)"
            )
        if self.top_k is not None and self.top_k < 1:
            raise BakeoffError(
                f"top-k {self.top_k}: expected at least 1, or no top-k to keep all words"
            )
        if not 0 < self.top_p <= 1:
            raise BakeoffError(
                f"top-p {self.top_p}: expected a probability above 0 and at most 1 (1 keeps all words)"
            )
