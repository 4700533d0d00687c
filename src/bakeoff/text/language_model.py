"""A language model: a net and its tokenizer, from prompts to continuations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.text.beam_search import beam_search
from bakeoff.text.continuation import Continuation
from bakeoff.text.decoding import Beams, Limits, Sampling
from bakeoff.text.document import LONGEST as LONGEST_WORD
from bakeoff.text.prose import prose
from bakeoff.text.sampling import sample
from bakeoff.text.tokenizer import UNKNOWN, Encoder, pieces, vocabulary

LONGEST = 100_000  # most words of a prompt
Decode = Callable[..., list[list[Continuation]]]


@dataclass(frozen=True)
class LanguageModel:
    """A net that scores the next word, and the tokenizer whose ids it was trained on.

    `net.start(ids)` reads prompts (N, T) of equal length and returns the log-probabilities (N, V) of the
    next word and a state; `net.step(ids, state)` reads one more word (`bakeoff.text.step`). The net may be
    on any device.
    """

    net: nn.Module
    tokenizer: Tokenizer

    @property
    def unknown(self) -> int:
        """The id of `<unk>`, which no text should contain."""
        return self.tokenizer.token_to_id(UNKNOWN)

    def encode(self, prompt: str) -> list[int]:
        """The ids of a prompt. Raises BakeoffError if the prompt is empty, all unknown or too long, or
        holds a word that is none.
        """
        longest = max(map(len, pieces(prompt)), default=0)
        if longest > LONGEST_WORD:
            raise BakeoffError(
                f"the prompt {prompt[:20]!r} ... is not a text of words: {longest:,} characters without "
                f"white space, expected {LONGEST_WORD:,} at most; put spaces between the words"
            )
        ids = Encoder(self.tokenizer)(prompt).tolist()
        if not ids:
            raise BakeoffError("the prompt is empty: expected one word or more")
        if set(ids) == {self.unknown}:
            raise BakeoffError(
                f"no word of the prompt {prompt[:60]!r} is in the vocabulary of "
                f"{self.tokenizer.get_vocab_size():,} words: expected at least one"
            )
        if len(ids) > LONGEST:
            raise BakeoffError(
                f"the prompt has {len(ids):,} words: expected {LONGEST:,} at most; give only its end"
            )
        return ids

    def text(self, ids: Sequence[int]) -> str:
        """The words of `ids` as running text."""
        words = vocabulary(self.tokenizer)
        return prose([words[number] for number in ids])

    def beams(
        self, prompts: Sequence[Sequence[int]], limits: Limits, beams: Beams
    ) -> list[list[Continuation]]:
        """The best continuations of each prompt that beam search finds, best first."""

        def decode(log_probs: Tensor, state, group: Sequence[int]) -> list[list[Continuation]]:
            texts = [prompts[number] for number in group]
            return beam_search(
                self.net.step, log_probs, state, limits=limits, beams=beams, prompts=texts
            )

        return self._decode(prompts, decode)

    def sample(
        self,
        prompts: Sequence[Sequence[int]],
        limits: Limits,
        sampling: Sampling,
        seed: int,
        samples: int,
    ) -> list[list[Continuation]]:
        """`samples` random continuations of each prompt; prompt number n draws with `seed` + n."""

        def decode(log_probs: Tensor, state, group: Sequence[int]) -> list[list[Continuation]]:
            return sample(
                self.net.step,
                log_probs,
                state,
                limits=limits,
                sampling=sampling,
                seeds=[seed + number for number in group],
                samples=samples,
                prompts=[prompts[number] for number in group],
            )

        return self._decode(prompts, decode)

    @torch.inference_mode()
    def _decode(self, prompts: Sequence[Sequence[int]], decode: Decode) -> list[list[Continuation]]:
        """Read and continue the prompts, those of equal length together."""
        device = next(self.net.parameters()).device
        found: list[list[Continuation]] = [[] for _ in prompts]
        order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
        for _, members in groupby(order, key=lambda number: len(prompts[number])):
            group = list(members)
            ids = torch.tensor([prompts[number] for number in group], device=device)
            log_probs, state = self.net.start(ids)
            for number, texts in zip(group, decode(log_probs, state, group), strict=True):
                found[number] = texts
        return found
