"""A trained language model and its tokenizer: prompts in, continuations out."""

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
from bakeoff.text.prose import prose
from bakeoff.text.sampling import sample
from bakeoff.text.tokenizer import UNKNOWN, Encoder, vocabulary

LONGEST = 100_000  # words of a prompt
Decode = Callable[..., list[list[Continuation]]]


@dataclass(frozen=True)
class Generator:
    """`net` reads prompts with `start(ids)` and goes on with `step(ids, state)` (`bakeoff.text.step`)."""

    net: nn.Module
    tokenizer: Tokenizer

    @property
    def unknown(self) -> int:
        """The id that is never generated."""
        return self.tokenizer.token_to_id(UNKNOWN)

    def encode(self, prompt: str) -> list[int]:
        """The ids of a prompt. Raises BakeoffError where it is empty, all unknown or too long."""
        ids = Encoder(self.tokenizer)(prompt).tolist()
        if not ids:
            raise BakeoffError("the prompt is empty: expected a few words to go on from")
        if set(ids) == {self.unknown}:
            raise BakeoffError(
                f"no word of the prompt {prompt[:60]!r} is in the vocabulary of "
                f"{self.tokenizer.get_vocab_size():,} words: expected one at least"
            )
        if len(ids) > LONGEST:
            raise BakeoffError(
                f"the prompt has {len(ids):,} words: expected {LONGEST:,} at most; give its end only"
            )
        return ids

    def text(self, ids: Sequence[int]) -> str:
        """Ids as people write them."""
        words = vocabulary(self.tokenizer)
        return prose([words[number] for number in ids])

    def beams(
        self, prompts: Sequence[Sequence[int]], limits: Limits, beams: Beams
    ) -> list[list[Continuation]]:
        """The best continuations found of each prompt, by beam search."""

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
        """Drawn continuations of each prompt; each prompt draws by `seed` and its number."""

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
        """Prompts of one length are read and continued together."""
        found: list[list[Continuation]] = [[] for _ in prompts]
        order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
        for _, members in groupby(order, key=lambda number: len(prompts[number])):
            group = list(members)
            log_probs, state = self.net.start(torch.tensor([prompts[n] for n in group]))
            for number, texts in zip(group, decode(log_probs, state, group), strict=True):
                found[number] = texts
        return found
