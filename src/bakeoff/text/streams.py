"""Long texts for nets that carry a state: each row of a batch goes on where the last batch ended."""

from itertools import pairwise

import torch
from torch import Tensor
from torch.utils.data import Dataset

from bakeoff.data.batches import Index
from bakeoff.text.corpus import Split

IGNORED = -100  # a target that does not count, as in torch's cross-entropy


class Streams(Dataset):
    """`rows` texts side by side, in parts of `length` words, for batches of `rows` items in order.

    Batch k holds the k-th part of every row: ids (rows, length) int32 and targets (rows, length) int64, the
    word that follows each id. Targets are -100 for `ignored` words and behind the end of a document. A
    row that does not go on from the batch before, because a document begins or because the batch is the
    first, has the complement of its first id, ~id < 0: a carried state starts anew there.
    """

    def __init__(self, split: Split, rows: int, length: int, ignored: tuple[int, ...]) -> None:
        self.ids = split.ids
        self.length = length
        self.rows = rows
        self.ignored = torch.tensor(ignored, dtype=torch.int64)
        spans = [
            (start, end)
            for start, end in pairwise(split.borders.tolist())
            if end - start > 1  # a single word is followed by none
        ]
        # In a document of n words, n - 1 words follow another one.
        parts = [torch.arange(start, end - 1, length) for start, end in spans]
        self.starts = torch.cat(parts)
        self.ends = torch.cat(
            [torch.full_like(part, end) for part, (_, end) in zip(parts, spans, strict=True)]
        )
        self.first = torch.cat([torch.arange(len(part)) == 0 for part in parts])
        self.steps = -(-len(self.starts) // rows)
        self._spans = spans

    def __len__(self) -> int:
        return self.steps * self.rows

    @property
    def item_places(self) -> Tensor:
        """Where the part of each item begins in the text, (N,); of an item behind the last part, where
        that begins.
        """
        index = torch.arange(len(self))
        part = (index % self.rows) * self.steps + index // self.rows
        return self.starts[part.clamp(max=len(self.starts) - 1)]

    @property
    def target_places(self) -> Tensor:
        """Where the words are that count as targets, in the order of the text, (targets,)."""
        found = torch.cat([torch.arange(start + 1, end) for start, end in self._spans])
        return found[~torch.isin(self.ids[found].long(), self.ignored)]

    def __getitem__(self, index: Index) -> tuple[Tensor, Tensor]:
        index = torch.arange(len(self))[index]
        step, row = index // self.rows, index % self.rows
        part = row * self.steps + step
        there = part < len(self.starts)  # the last row may end early
        part = part.clamp(max=len(self.starts) - 1)
        at = self.starts[part][..., None] + torch.arange(self.length + 1)
        inside = (at < self.ends[part][..., None]) & there[..., None]
        words = self.ids[at.clamp(max=len(self.ids) - 1)] * inside
        targets = words[..., 1:].long()
        skipped = ~inside[..., 1:] | torch.isin(targets, self.ignored)
        ids = words[..., :-1].clone()
        fresh = self.first[part] | (step == 0)
        ids[..., 0] = torch.where(fresh, ~ids[..., 0], ids[..., 0])
        return ids, targets.masked_fill(skipped, IGNORED)
