"""Long texts for training with a carried state: each row of a batch goes on where the last one ended."""

from itertools import pairwise

import torch
from torch import Tensor
from torch.utils.data import Dataset

from bakeoff.data.batches import Index
from bakeoff.text.corpus import Split

IGNORED = -100  # a target that does not count, as in torch's cross-entropy


class Streams(Dataset):
    """`rows` texts side by side, `length` words at a time; read in order, in batches of `rows`.

    Batch k holds the k-th part of every row: ids (rows, length) int32 and, as targets (rows, length) int64,
    the word that follows each; `ignored` words, and what is behind the end of a document, are -100.
    Where a row does not go on from the batch before, at the beginning and where a document begins, its
    first id is given as its complement, ~id < 0: there a state starts anew.
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
        # A document of n words has n - 1 that follow another.
        parts = [torch.arange(start, end - 1, length) for start, end in spans]
        self.starts = torch.cat(parts)
        self.ends = torch.cat(
            [torch.full_like(part, end) for part, (_, end) in zip(parts, spans, strict=True)]
        )
        self.first = torch.cat([torch.arange(len(part)) == 0 for part in parts])
        self.steps = -(-len(self.starts) // rows)

    def __len__(self) -> int:
        return self.steps * self.rows

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
