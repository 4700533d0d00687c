"""What the tests of decoding share: a language model of a few words."""

import itertools
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor


class TinyLanguage:
    """A recurrent net with random weights: its step, and what it says of whole texts.

    `hardness` makes its distributions less even. Its state is nested and one of its parts is None, so that
    reordering is tested too.
    """

    def __init__(self, vocabulary: int, seed: int, hardness: float = 2.0, hidden: int = 5) -> None:
        def random(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=generator)

        generator = torch.Generator().manual_seed(seed)
        self.vocabulary = vocabulary
        self.embed, self.carry = random(vocabulary, hidden), random(hidden, hidden)
        self.out = hardness * random(hidden, vocabulary)
        self.calls: list[int] = []

    def step(self, ids: Tensor, state: dict) -> tuple[Tensor, dict]:
        self.calls.append(len(ids))
        hidden, (counts, nothing) = state["hidden"], state["rest"]
        hidden = torch.tanh(self.embed[ids] + hidden @ self.carry)
        # Words said before become likelier: beams that keep another's counts are found out.
        counts = counts + torch.nn.functional.one_hot(ids, self.vocabulary)
        log_probs = (hidden @ self.out + 0.3 * counts).log_softmax(-1)
        return log_probs, {"hidden": hidden, "rest": [counts, nothing]}

    def read(self, prompt: Sequence[int]) -> tuple[Tensor, dict]:
        """What `step` gives after a prompt (at least one word), as a batch of one."""
        counts = torch.zeros(1, self.vocabulary)
        state = {"hidden": torch.zeros(1, len(self.carry)), "rest": [counts, None]}
        for word in prompt:
            log_probs, state = self.step(torch.tensor([word]), state)
        return log_probs, state

    def read_all(self, prompts: Sequence[Sequence[int]]) -> tuple[Tensor, dict]:
        """The same for prompts of any lengths, as one batch."""
        found = [self.read(prompt) for prompt in prompts]
        hidden = torch.cat([state["hidden"] for _, state in found])
        counts = torch.cat([state["rest"][0] for _, state in found])
        return torch.cat([first for first, _ in found]), {"hidden": hidden, "rest": [counts, None]}

    def log_prob(self, prompt: Sequence[int], words: Sequence[int]) -> float:
        """Of `words` after `prompt`, every word from the start anew."""
        return sum(
            float(self.read([*prompt, *words[:i]])[0][0, word]) for i, word in enumerate(words)
        )

    def texts(self, maximum: int, ends: Sequence[int]) -> list[tuple[int, ...]]:
        """All there are: complete with an end, or `maximum` words."""
        found = []
        for length in range(1, maximum + 1):
            for words in itertools.product(range(self.vocabulary), repeat=length):
                early = any(word in ends for word in words[:-1])
                if not early and (words[-1] in ends or length == maximum):
                    found.append(words)
        return found


@pytest.fixture(scope="session")
def tiny_language() -> type[TinyLanguage]:
    """The class, to be made with a size and a seed."""
    return TinyLanguage
