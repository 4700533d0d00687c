"""What is independent in a text: its documents, or blocks of their words where they are few."""

import torch
from torch import Tensor

from bakeoff.data.splits import Units
from bakeoff.text.corpus import Split

ENOUGH = 20  # documents, from which on whole documents are drawn anew
BLOCK = 500  # words: longer than a sentence or a paragraph, in which errors go together


def text_units(places: Tensor, text: Split) -> Units:
    """The unit of the words at `places` (N,) of a text: their document, or their block of BLOCK words of
    a document where there are fewer than ENOUGH documents (non-overlapping blocks: Carlstein, Annals of
    Statistics 14, 1986). Blocks say nothing about other documents.
    """
    places = places.long()
    document = torch.searchsorted(text.borders, places, right=True) - 1
    count = len(text.borders) - 1
    if count >= ENOUGH:
        return Units(_numbered(document), "documents")
    block = (places - text.borders[document]) // BLOCK
    most = int(text.borders.diff().max()) // BLOCK + 1
    of = "1 document" if count == 1 else f"{count} documents"
    return Units(_numbered(document * most + block), f"blocks of {BLOCK} words of {of}")


def _numbered(units: Tensor) -> Tensor:
    """The same units, numbered without gaps."""
    return units.unique(return_inverse=True)[1]
