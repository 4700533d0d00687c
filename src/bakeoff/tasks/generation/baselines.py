"""Generation as a baseline sees it."""

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor

from bakeoff.data.splits import Units
from bakeoff.tasks.words import baselines

NO_WORD = -1  # in a context that reaches beyond the beginning of its document


class Rows(baselines.Rows):
    """The `words` words before each target as a row of ids, -1 before the beginning of a document."""

    def __init__(self, words: int) -> None:
        self.words = words

    def examples(self, data: pl.LightningDataModule, split: str) -> tuple[np.ndarray, Tensor]:
        """Contexts (N, words) and targets (N,): those of the nets, in the order of the text."""
        places, text = data.splits[split].target_places, data.corpus.split(split)
        at = places.unsqueeze(1) + torch.arange(-self.words, 0)
        begin = text.borders[torch.searchsorted(text.borders, places, right=True) - 1]
        contexts = text.ids[at.clamp(min=0)].masked_fill(at < begin.unsqueeze(1), NO_WORD)
        return contexts.numpy(), text.ids[places].long()

    def units(self, data: pl.LightningDataModule, split: str) -> Units:
        """The unit of each target: that of the part of the text in which the nets are asked for it."""
        found, items = data.units(split), data.splits[split]
        if not data.carry:
            return found
        begins, order = items.item_places.sort(stable=True)
        # A part that begins at b asks for the words at b + 1, b + 2, ...
        part = torch.searchsorted(begins, items.target_places) - 1
        return Units(found.of_example[order[part]], found.name)
