"""Gaps where a form of a verb stood, and what stands around them."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.tasks.words.window_data import WindowData
from bakeoff.text.corpus import Corpus
from bakeoff.text.windows import Windows, places

log = logging.getLogger(__name__)


class ConjugationData(WindowData):
    """The places of the words `forms`, which are the classes; the word itself is not in its context."""

    def __init__(
        self, corpus: Corpus, forms: Sequence[str], before: int, after: int, batch_size: int
    ) -> None:
        super().__init__(corpus, before, after, batch_size)
        if len(set(forms)) < len(forms) or len(forms) < 2:
            raise BakeoffError(
                f"data.forms is {list(forms)}: expected two different words at least, each once"
            )
        self.class_names = tuple(forms)
        self.output_shape = (len(forms),)

    @property
    def evaluated(self) -> list[Any]:
        """The contexts and the classes."""
        return [*super().evaluated, *self.class_names]

    def prepare_data(self) -> None:
        """Raises BakeoffError where a form is not in the vocabulary, too."""
        missing = [form for form in self.class_names if form not in self.corpus.words]
        if missing:
            raise BakeoffError(
                f"data.forms: {', '.join(missing)} not in the vocabulary of "
                f"{len(self.corpus.words):,} words: lower data.corpus.min_count, or name them in "
                "data.corpus.keep"
            )
        super().prepare_data()

    def load(self, split: str) -> Windows:
        """Contexts and classes. Raises BakeoffError where no form occurs."""
        text = self.corpus.split(split)
        found = places(text, self.before, self.after)
        labels = self._labels()
        found = found[labels[text.ids[found].long()] >= 0]
        counts = torch.bincount(labels[text.ids[found].long()], minlength=len(self.class_names))
        if not len(found):
            raise BakeoffError(
                f"it holds none of the words {', '.join(self.class_names)} with {self.before} words "
                f"before and {self.after} after: add text, or give other data.forms"
            )
        never = [f for f, count in zip(self.class_names, counts.tolist(), strict=True) if not count]
        if never and split == "train":
            _warn(f"no training example of {', '.join(never)}")
        return Windows(text.ids, found, self.before, self.after, labels)

    def class_counts(self) -> Tensor:
        """Training examples of each form, (forms,); needs `setup("fit")`."""
        train = self.splits["train"]
        return torch.bincount(
            train.labels[train.ids[train.places].long()], minlength=len(self.class_names)
        )

    def _labels(self) -> Tensor:
        """The class of each word of the vocabulary, -1 for most, (words,) int64."""
        labels = torch.full((len(self.corpus.words),), -1)
        labels[[self.corpus.words.index(form) for form in self.class_names]] = torch.arange(
            len(self.class_names)
        )
        return labels


@cache
def _warn(message: str) -> None:
    """Say it once in a process, however often the same data are loaded."""
    log.warning(message)
