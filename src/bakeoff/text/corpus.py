"""Texts as ids of words: tokenized once, kept on disk, mapped into memory."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from filelock import lock_descriptor
from tokenizers import Tokenizer
from torch import Tensor

from bakeoff.data.split_names import SPLITS
from bakeoff.data.tracked import tracked
from bakeoff.errors import BakeoffError
from bakeoff.store.digest import digest, file_digest
from bakeoff.text.document import Document
from bakeoff.text.sources import Documents, TextSource
from bakeoff.text.tokenizer import UNKNOWN, Encoder, tokens, vocabulary, word_tokenizer
from bakeoff.text.vocabulary import WordCounts, choose_words

log = logging.getLogger(__name__)

REVISION = 1  # of the tokenization: another one makes other ids of the same texts
TOKENIZER, SUMMARY = "tokenizer.json", "corpus.json"
PREFIX = "corpus-"  # of the folders
SHOWN = 5  # files without text that are named


@dataclass(frozen=True)
class Split:
    """`ids` (N,) int32 of all words, mapped from a file; document d goes from `borders[d]` to
    `borders[d + 1]`, (D + 1,) int64.
    """

    ids: Tensor
    borders: Tensor


class Corpus:
    """The texts of `source`, with a vocabulary from its training texts: the words that occur
    `min_count` times or more, and those of `keep`.

    It is made once and kept in a folder below `root`, named by everything that decides it.
    """

    def __init__(self, source: TextSource, root: str, min_count: int, keep: Sequence[str]) -> None:
        if min_count < 1:
            raise BakeoffError(f"data.corpus.min_count is {min_count}: expected 1 or more")
        self.source = source
        self.root = Path(root)
        self.min_count = min_count
        self.keep = list(keep)
        never = [word for word in self.keep if tokens(str(word)) != [word] or word == UNKNOWN]
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
        return digest([texts, self.min_count, self.keep, REVISION])

    def text_digest(self, split: str) -> str:
        """SHA-256 of the texts of a split alone. Raises BakeoffError."""
        return digest([_text_digest(document) for document in self._documents[split]])

    @cached_property
    def folder(self) -> Path:
        """Where the ids are, made where they are missing or damaged. Raises BakeoffError."""
        folder = self.root / f"{PREFIX}{self.fingerprint[:16]}"
        if not folder.exists() or not _whole(folder):
            _make(folder, self._documents, self.min_count, self.keep)
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
        """`distinct`: different tokens of the training text; `vocabulary`: how many of them have an id;
        `splits`: for each its `tokens`, `unknown` tokens and `documents` (name and tokens).
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


def _whole(folder: Path) -> bool:
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        for name, sha256 in summary["files"].items():
            if file_digest(folder / name) != sha256:
                log.warning("%s is damaged: making it again", folder / name)
                return False
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        log.warning("%s is damaged: making it again", folder)
        return False
    return True


def _make(folder: Path, documents: Documents, min_count: int, keep: Sequence[str]) -> None:
    """Fill `folder` in one step: what is half made has another name."""
    _refuse_no_texts(documents)
    try:
        with _part(folder) as part:
            summary = _write(part, documents, min_count, keep)
            (part / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
            _put(part, folder)
    except OSError as error:
        raise _refused(folder, error) from None
    log.info(
        "%s: %s",
        folder,
        ", ".join(
            f"{split} {found['tokens']:,} tokens" for split, found in summary["splits"].items()
        )
        + f"; {summary['distinct']:,} distinct in training, vocabulary {summary['vocabulary']:,}",
    )


def _refuse_no_texts(documents: Documents) -> None:
    mistakes: dict[str, str] = {}
    for document in chain.from_iterable(documents.values()):
        try:
            for _ in document.blocks():
                pass
        except BakeoffError as error:
            mistakes.setdefault(document.name, str(error))  # a file may be several documents
    if mistakes:
        more = [f"and {len(mistakes) - SHOWN} more files"] if len(mistakes) > SHOWN else []
        raise BakeoffError("\n".join([*list(mistakes.values())[:SHOWN], *more]))


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder`, removed at the end; before, those that killed makers have left.

    A maker holds a lock on its folder. It is the kernel's and ends with the process, however that ends.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with _locked(folder.parent):  # nobody takes a new folder for left over before it is locked
            for left in folder.parent.glob(f".{PREFIX}*"):
                with _locked(left, blocking=False) as has_no_maker:
                    if has_no_maker:
                        shutil.rmtree(left, ignore_errors=True)
            part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
            stack.callback(shutil.rmtree, part, ignore_errors=True)
            stack.enter_context(_locked(part))
        yield part


@contextmanager
def _locked(folder: Path, blocking: bool = True) -> Iterator[bool]:
    """Whether `folder` is locked now; not where another holds it, or its file system has no locks."""
    with ExitStack() as stack:
        try:
            handle = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, handle)
            locked = lock_descriptor(handle, blocking=blocking)
        except OSError:
            locked = False
        yield locked


def _write(part: Path, documents: Documents, min_count: int, keep: Sequence[str]) -> dict[str, Any]:
    counts = WordCounts()
    for block in _blocks(documents["train"], "counting words"):
        counts.add(block)
    counts.settle()
    tokenizer = word_tokenizer(choose_words(counts, min_count, keep))
    distinct = len(counts.all)
    del counts
    encode, splits = Encoder(tokenizer), {}
    for split in SPLITS:
        found, unknown = [], 0
        with (part / f"{split}.ids").open("wb") as file:
            for document in tracked(documents[split], f"tokenizing {split}"):
                tokens = 0
                for block in document.blocks():
                    ids = encode(block)
                    ids.tofile(file)
                    tokens += len(ids)
                    unknown += int((ids == 0).sum())
                found.append({"name": document.name, "tokens": tokens})
            file.flush()
            os.fsync(file.fileno())
        total = sum(document["tokens"] for document in found)
        if not total:
            raise BakeoffError(
                f"data.corpus.source: the {split} text holds no words: expected plain text"
            )
        splits[split] = {"tokens": total, "unknown": unknown, "documents": found}
    tokenizer.save(str(part / TOKENIZER), pretty=False)
    names = [TOKENIZER, *(f"{split}.ids" for split in SPLITS)]
    return {
        "distinct": distinct,
        "vocabulary": tokenizer.get_vocab_size(),
        "splits": splits,
        "files": {name: file_digest(part / name) for name in names},
    }


def _put(part: Path, folder: Path) -> None:
    """Rename, unless another process was first; a damaged folder makes way."""
    if folder.exists() and not _whole(folder):
        shutil.rmtree(folder)
    try:
        part.chmod(0o755)
        part.rename(folder)
    except OSError:
        if not folder.exists():
            raise


def _blocks(documents: Sequence[Document], what: str) -> Iterator[str]:
    for document in tracked(documents, what):
        yield from document.blocks()


def _refused(folder: Path, error: OSError) -> BakeoffError:
    return BakeoffError(
        f"cannot write {folder}: {error.strerror or error}. Expected a writable folder with room for 4 "
        "bytes a word: make room there or choose another data_dir"
    )
