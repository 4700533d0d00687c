"""Documents -> a vocabulary and files of ids."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bakeoff.data.split_names import SPLITS
from bakeoff.data.tracked import tracked
from bakeoff.errors import BakeoffError
from bakeoff.text.document import Document
from bakeoff.text.sources import Documents
from bakeoff.text.tokenizer import Encoder, word_tokenizer
from bakeoff.text.typography import straightened
from bakeoff.text.vocabulary import WordCounts, choose_words


@dataclass(frozen=True)
class Recipe:
    """How texts become ids: see `Corpus`."""

    min_count: int
    keep: tuple[str, ...]
    straighten: bool

    def tokenizer(self, words: Sequence[str]) -> Tokenizer:
        """The tokenizer for the vocabulary `words`."""
        tokenizer = word_tokenizer(words)
        return straightened(tokenizer) if self.straighten else tokenizer


def tokenize(
    folder: Path, documents: Documents, recipe: Recipe
) -> tuple[Tokenizer, dict[str, Any]]:
    """Write `<split>.ids` for each split. The tokenizer, and the summary that `Corpus.summary` describes.

    Raises BakeoffError for a split without words.
    """
    counts = WordCounts(recipe.tokenizer(()))
    for document in tracked(documents["train"], "counting words"):
        for block in document.blocks():
            counts.add(block)
    counts.settle()
    tokenizer = recipe.tokenizer(choose_words(counts, recipe.min_count, recipe.keep))
    distinct = len(counts.all)
    del counts  # it is large
    encode = Encoder(tokenizer)
    splits = {split: _write(folder, split, documents[split], encode) for split in SPLITS}
    return tokenizer, {
        "distinct": distinct,
        "vocabulary": tokenizer.get_vocab_size(),
        "splits": splits,
    }


def _write(
    folder: Path, split: str, documents: Sequence[Document], encode: Encoder
) -> dict[str, Any]:
    found, unknown = [], 0
    with (folder / f"{split}.ids").open("wb") as file:
        for document in tracked(documents, f"tokenizing {split}"):
            tokens = 0
            for block in document.blocks():
                ids = encode(block)
                ids.tofile(file)
                tokens += len(ids)
                unknown += int((ids == 0).sum())
            remarks = list(document.remarks)
            found.append({"name": document.name, "tokens": tokens, "remarks": remarks})
        file.flush()
        os.fsync(file.fileno())
    total = sum(document["tokens"] for document in found)
    if not total:
        raise BakeoffError(
            f"data.corpus.source: the {split} text holds no words: expected plain text"
        )
    return {"tokens": total, "unknown": unknown, "documents": found}
