"""Contexts around words, by index arithmetic: only the places of the words are kept, never a context."""

from collections.abc import Collection

import torch
from torch import Tensor

from bakeoff.data.batches import Index
from bakeoff.data.indexed import Indexed
from bakeoff.errors import BakeoffError
from bakeoff.text.corpus import Split


def places(split: Split, before: int, after: int) -> Tensor:
    """Where a word has `before` words before it and `after` words after it in its own document, (N,).

    Raises BakeoffError where the context is longer than every document.
    """
    check_context(split, before + after, f"data.before is {before}, data.after is {after}")
    spans = [
        torch.arange(start + before, end - after)
        for start, end in zip(split.borders[:-1].tolist(), split.borders[1:].tolist(), strict=True)
        if start + before < end - after
    ]
    return torch.cat(spans)


def check_context(split: Split, words: int, setting: str) -> None:
    """Raises BakeoffError, which says what the `setting` is, where no document is longer than a context of
    so many `words`.
    """
    longest = int(split.borders.diff().max())
    if longest <= words:
        raise BakeoffError(
            f"{setting}: no document is as long, the longest has {longest:,} words; shorten the context "
            "or add text"
        )


def without(found: Tensor, ids: Tensor, excluded: Collection[int]) -> Tensor:
    """The places (N,) whose word is none of `excluded`."""
    if not excluded:
        return found
    return found[~torch.isin(ids[found], torch.tensor(sorted(excluded), dtype=ids.dtype))]


def capped(found: Tensor, ids: Tensor, most: int, seed: int) -> Tensor:
    """At most `most` of the places (N,) of each word, drawn by `seed`, in the order of the text."""
    generator = torch.Generator().manual_seed(seed)
    found = found[torch.randperm(len(found), generator=generator)]
    words = ids[found].long()
    order = words.argsort(stable=True)
    counts = torch.bincount(words)
    first = (counts.cumsum(dim=0) - counts)[words[order]]
    rank = torch.arange(len(found)) - first  # of a place among those of its word
    return found[order[rank < most]].sort().values


class Windows(Indexed):
    """The words at `places` (N,) and what stands around them.

    Items, by a tensor of B indices: contexts (B, before + after) int32, the words before and then those
    after, and targets (B,) int64: the word at the place, or `labels` (vocabulary,) of it.
    """

    def __init__(
        self, ids: Tensor, places: Tensor, before: int, after: int, labels: Tensor | None = None
    ) -> None:
        self.ids = ids
        self.places = places
        self.offsets = torch.cat([torch.arange(-before, 0), torch.arange(1, after + 1)])
        self.labels = labels

    @property
    def item_places(self) -> Tensor:
        """Where the word of each item stands in the text, (N,)."""
        return self.places

    def __len__(self) -> int:
        return len(self.places)

    @property
    def target_places(self) -> Tensor:
        """Where the targets are, (N,)."""
        return self.places

    def __getitem__(self, index: Index) -> tuple[Tensor, Tensor]:
        at = self.places[index]
        target = self.ids[at].long()
        if self.labels is not None:
            target = self.labels[target]
        return self.ids[at[..., None] + self.offsets], target
