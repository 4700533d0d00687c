"""Words and what stands around them."""

from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.tasks.words.window_data import WindowData
from bakeoff.text.corpus import Corpus
from bakeoff.text.tokenizer import MARKS, UNKNOWN
from bakeoff.text.windows import Windows, capped, places, without


class EmbeddingData(WindowData):
    """Every word of the vocabulary is a target, `<unk>` is none; nor are punctuation marks where
    `skip_punctuation` says so. `cap` limits the training examples of each word, drawn by `seed`.
    """

    def __init__(
        self,
        corpus: Corpus,
        before: int,
        after: int,
        skip_punctuation: bool,
        cap: int | None,
        seed: int,
        batch_size: int,
    ) -> None:
        super().__init__(corpus, before, after, batch_size, seed)
        if cap is not None and (not isinstance(cap, int) or cap < 1):
            raise BakeoffError(
                f"data.cap is {cap}: expected a whole number, 1 or more, or null for no limit"
            )
        self.skip_punctuation = skip_punctuation
        self.cap = cap
        self.seed = seed

    @property
    def evaluated(self) -> list[Any]:
        """The contexts, and whether punctuation marks are targets."""
        return [*super().evaluated, self.skip_punctuation]

    @property
    def output_shape(self) -> tuple[int, ...]:
        """One score for each word of the vocabulary."""
        return (len(self.corpus.words),)

    @property
    def class_names(self) -> list[str]:
        """The vocabulary."""
        return self.corpus.words

    @cached_property
    def excluded(self) -> set[int]:
        """The ids that are no targets."""
        skipped = [UNKNOWN, *(MARKS if self.skip_punctuation else ())]
        return {number for number, word in enumerate(self.corpus.words) if word in skipped}

    def load(self, split: str) -> Windows:
        """Contexts and targets. Raises BakeoffError where there are none."""
        text = self.corpus.split(split)
        found = without(places(text, self.before, self.after), text.ids, self.excluded)
        self._refuse_none(len(found))
        if self.cap is not None and split == "train":
            found = capped(found, text.ids, self.cap, self.seed)
        return Windows(text.ids, found, self.before, self.after)

    def check_test(self) -> None:
        """Raises BakeoffError too where all of its words are unknown."""
        super().check_test()
        found = self.corpus.summary["splits"]["test"]
        self._refuse_none(found["tokens"] - found["unknown"])

    def _refuse_none(self, targets: int) -> None:
        if not targets:
            raise BakeoffError(
                f"it holds no word to predict of the vocabulary of {len(self.corpus.words):,} words: "
                "lower data.corpus.min_count, or take text in which the training words occur"
            )

    def class_counts(self) -> Tensor:
        """How often each word is a training target, (words,); needs `setup("fit")`."""
        train = self.splits["train"]
        return torch.bincount(train.ids[train.places], minlength=len(self.corpus.words))
