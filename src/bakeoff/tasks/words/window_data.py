"""The data module that tasks share which predict a word from its context."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import Dataset

from bakeoff.data.split_names import SPLITS
from bakeoff.data.splits import STAGES, SplitData, Units
from bakeoff.errors import BakeoffError
from bakeoff.store.digest import digest
from bakeoff.text.corpus import TOKENIZER, Corpus
from bakeoff.text.units import text_units
from bakeoff.text.windows import check_context
from bakeoff.text.word_vectors import table_for


class WindowData(SplitData):
    """Words of `corpus`, each with `before` words before it and `after` words after it.

    Batches: contexts (B, before + after) int32 and targets (B,) int64. Raises BakeoffError if there is no
    context.
    """

    inputs = "ids of words"
    input_type = torch.int32

    def __init__(
        self, corpus: Corpus, before: int, after: int, batch_size: int, seed: int | None = None
    ) -> None:
        super().__init__(batch_size, seed)
        if min(before, after) < 0 or before + after < 1:
            raise BakeoffError(
                f"data.before is {before}, data.after is {after}: expected 0 words or more each, "
                "and at least one word of context"
            )
        self.corpus = corpus
        self._examples: dict[str, Dataset] = {}  # what prepare_data has built
        self.before = before
        self.after = after
        self.input_shape = (before + after,)

    @property
    def built_for(self) -> dict[str, Any]:
        """The shapes, and the number of words in the vocabulary."""
        return {**super().built_for, "vocabulary_size": len(self.corpus.words)}

    def net_arguments(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """`built_for`, and in place of a run that `settings` name as `embedding` the vectors of that run,
        (words, dimension). Raises BakeoffError where that run has another vocabulary, or where vectors
        are frozen that no run has learned.
        """
        run = settings.get("embedding")
        if run is None and settings.get("frozen"):
            raise BakeoffError(
                "model.frozen is true without model.embedding: no training would change the random "
                "vectors; set model.embedding=embedding/latest or model.frozen=false"
            )
        if run is None:
            return self.built_for
        return {**self.built_for, "embedding": table_for(run, self.corpus.words)}

    @property
    def artifacts(self) -> dict[str, Path]:
        """The tokenizer, which a run keeps because ids mean nothing without it."""
        return {TOKENIZER: self.corpus.folder / TOKENIZER}

    def prepare_data(self) -> None:
        """Fetch and tokenize what is missing, and build the examples of each split, once.

        Raises BakeoffError that names every split without an example. The examples of the test split are
        built by the stage `test` alone: before it, `check_test` looks at how much text there is.
        """
        _ = self.corpus.folder  # made first, because a mistake in it is not the mistake of a split
        mistakes = []
        for split in SPLITS:
            try:
                if split == "test":
                    self.check_test()
                elif split not in self.splits and split not in self._examples:
                    self._examples[split] = self.load(split)
            except BakeoffError as error:
                mistakes.append(f"the {split} text: {error}")
        if mistakes:
            raise BakeoffError("\n".join(mistakes))

    @property
    def context_setting(self) -> str:
        """The settings that decide how long a context is, with their values."""
        return f"data.before is {self.before}, data.after is {self.after}"

    def check_test(self) -> None:
        """Raises BakeoffError where no test document is as long as a context; reads none of them."""
        check_context(self.corpus.split("test"), self.before + self.after, self.context_setting)

    def units(self, split: str) -> Units:
        """The documents of a split, or blocks of their words (`text.units`)."""
        return text_units(self.splits[split].item_places, self.corpus.split(split))

    def setup(self, stage: str) -> None:
        """Give the splits of a Lightning stage, built now where `prepare_data` has not built them."""
        for split in STAGES[stage]:
            if split in self._examples:
                self.splits[split] = self._examples.pop(split)
        super().setup(stage)

    @property
    def evaluated(self) -> list[Any]:
        """The settings that decide which words of the texts are targets, and in which contexts."""
        return [self.before, self.after]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the texts, of all that decides their ids, and of what is `evaluated`."""
        return digest([self.corpus.fingerprint, self.evaluated])

    @property
    def test_fingerprint(self) -> str:
        """SHA-256 of the test texts, whatever contexts and targets are cut from them."""
        return self.corpus.text_digest("test")

    def statistics(self) -> None:
        """None: ids are not normalized."""
        return
