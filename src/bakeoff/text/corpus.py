"""Texts as ids of words: tokenized once, kept on disk, mapped into memory."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from bakeoff.data.split_names import SPLITS
from bakeoff.errors import BakeoffError
from bakeoff.store.digest import digest
from bakeoff.text.corpus_folder import PREFIX, SUMMARY, TOKENIZER, is_whole, make
from bakeoff.text.document import Document
from bakeoff.text.sources import Documents, TextSource
from bakeoff.text.tokenized import Recipe
from bakeoff.text.tokenizer import UNKNOWN, split_pieces, vocabulary

REVISION = 1  # of the tokenization: another one makes other ids of the same texts


@dataclass(frozen=True)
class Split:
    """`ids` (N,) int32 of all words, mapped from a file. Document d holds the ids from `borders[d]` to
    `borders[d + 1]`; `borders` is (D + 1,) int64.
    """

    ids: Tensor
    borders: Tensor


class Corpus:
    """The texts of `source` as ids of words.

    The vocabulary holds the words that occur `min_count` times or more in the training texts, and those of
    `keep`. `straighten` reads typographic marks as the ones that a keyboard types (see `typography`).

    The ids are made once and kept in a folder below `root`. A digest of all that decides the ids names it.
    """

    def __init__(
        self,
        source: TextSource,
        root: str,
        min_count: int,
        keep: Sequence[str],
        straighten: bool,
    ) -> None:
        if min_count < 1:
            raise BakeoffError(f"data.corpus.min_count is {min_count}: expected 1 or more")
        self.source = source
        self.root = Path(root)
        self.recipe = Recipe(min_count, tuple(keep), straighten)
        words = [str(word) for word in keep]
        split = split_pieces(self.recipe.tokenizer(()), words)
        never = [
            word
            for word, tokens in zip(keep, split, strict=True)
            if tokens != [word] or word == UNKNOWN
        ]
        if never:
            raise BakeoffError(
                f"data.corpus.keep holds {', '.join(map(repr, never))}: expected tokens: "
                "lower-case words without marks in them"
            )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the texts, their splits and all that decides the ids. Raises BakeoffError."""
        texts = {
            split: [_text_digest(document) for document in documents]
            for split, documents in self._documents.items()
        }
        return digest([texts, *astuple(self.recipe), REVISION])

    def text_digest(self, split: str) -> str:
        """SHA-256 of the texts of a split alone. Raises BakeoffError."""
        return digest([_text_digest(document) for document in self._documents[split]])

    @cached_property
    def folder(self) -> Path:
        """The folder with the ids. They are made where they are missing or damaged. Raises
        BakeoffError.
        """
        folder = self.root / f"{PREFIX}{self.fingerprint[:16]}"
        if not folder.exists() or not is_whole(folder):
            make(folder, self._documents, self.recipe)
        return folder

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Text -> ids."""
        return Tokenizer.from_file(str(self.folder / TOKENIZER))

    @cached_property
    def words(self) -> list[str]:
        """The vocabulary by id, `<unk>` first."""
        return vocabulary(self.tokenizer)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """`distinct`: the number of different tokens in the training text; `vocabulary`: the number of
        words with an id; `splits`: for each split its numbers of `tokens` and `unknown` tokens, and its
        `documents` (`name`, `tokens`, and `remarks` on how the text was read).
        """
        return json.loads((self.folder / SUMMARY).read_text(encoding="utf-8"))

    def split(self, name: str) -> Split:
        """The ids of train, val or test."""
        # Copy on write: a tensor over a read-only mapping could be written to, and crash.
        ids = np.memmap(self.folder / f"{name}.ids", np.int32, mode="c")
        tokens = [document["tokens"] for document in self.summary["splits"][name]["documents"]]
        return Split(torch.from_numpy(ids), torch.tensor([0, *tokens]).cumsum(dim=0))

    @cached_property
    def _documents(self) -> Documents:
        documents = self.source.documents()
        for split in SPLITS:
            if not documents.get(split):
                raise BakeoffError(
                    f"data.corpus.source gives no text for {split}: expected at least one document in "
                    "each of train, val and test"
                )
        return documents


def _text_digest(document: Document) -> str:
    content = hashlib.sha256(document.encoding.encode())
    for block in document.raw():
        content.update(block)
    return content.hexdigest()
