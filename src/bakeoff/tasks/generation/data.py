"""The data module of text generation: the next word after every word of a text."""

from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from bakeoff.data.batches import loader
from bakeoff.errors import BakeoffError
from bakeoff.tasks.words.window_data import WindowData
from bakeoff.text.corpus import Corpus
from bakeoff.text.streams import Streams
from bakeoff.text.windows import Windows, check_context, places, without


class GenerationData(WindowData):
    """Long texts in parts of `length` words, with the next word after every word as target (`carry`), or
    independent windows of `length` words, with the next word after each window as target.

    With `skip_unknown`, `<unk>` occurs in the inputs but is no target.
    """

    def __init__(
        self, corpus: Corpus, length: int, carry: bool, skip_unknown: bool, batch_size: int
    ) -> None:
        if length < 1:
            raise BakeoffError(f"data.length is {length}: expected 1 word or more")
        super().__init__(corpus, length, 0, batch_size)
        self.length = length
        self.carry = carry
        self.ignored = (0,) if skip_unknown else ()

    @property
    def evaluated(self) -> list[Any]:
        """Which words are targets: where the state is carried all but the first of a document, for windows
        those that have `length` words before them.
        """
        return [None if self.carry else self.length, *self.ignored]

    @property
    def output_shape(self) -> tuple[int, ...]:
        """(words,), a score for each word of the vocabulary; with `carry`, (length, words)."""
        words = len(self.corpus.words)
        return (self.length, words) if self.carry else (words,)

    @property
    def class_names(self) -> list[str]:
        """The vocabulary."""
        return self.corpus.words

    @property
    def context_setting(self) -> str:
        """The length of a part or window."""
        return f"data.length is {self.length}"

    def load(self, split: str) -> Streams | Windows:
        """Inputs and targets of a split. Raises BakeoffError if no document is longer than `length`."""
        text = self.corpus.split(split)
        check_context(text, self.length, self.context_setting)
        if self.carry:
            return Streams(text, self.batch_size, self.length, self.ignored)
        found = places(text, self.length, 0)
        return Windows(text.ids, without(found, text.ids, self.ignored), self.length, 0)

    def train_dataloader(self) -> DataLoader:
        """Windows in a random order that follows the seed, or streams in the order of the text."""
        return loader(
            self.splits["train"], self.batch_size, shuffle=self.shuffled and not self.carry
        )

    def class_counts(self) -> Tensor:
        """How often each word is a training target, (words,); approximate at the borders of documents."""
        counts = torch.bincount(self.splits["train"].ids, minlength=len(self.corpus.words))
        counts[list(self.ignored)] = 0
        return counts
