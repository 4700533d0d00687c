"""The folder of a corpus: written whole or not at all, by one of several processes."""

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from filelock import lock_descriptor

from bakeoff.data.split_names import SPLITS
from bakeoff.errors import BakeoffError
from bakeoff.store.digest import file_digest
from bakeoff.text.sources import Documents
from bakeoff.text.tokenized import Recipe, tokenize

log = logging.getLogger(__name__)

TOKENIZER, SUMMARY = "tokenizer.json", "corpus.json"
PREFIX = "corpus-"  # of the folders
SHOWN = 5  # files that an error names
REMARKED = 50  # files whose remarks are logged


def is_whole(folder: Path) -> bool:
    """Whether all files of a corpus are there, undamaged."""
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


def make(folder: Path, documents: Documents, recipe: Recipe) -> None:
    """Fill `folder` under another name, then rename it. Log its size, and the remarks on its documents.

    Raises BakeoffError for files without text, and where the folder cannot be written.
    """
    _refuse_no_texts(documents)
    try:
        with _part(folder) as part:
            tokenizer, summary = tokenize(part, documents, recipe)
            tokenizer.save(str(part / TOKENIZER), pretty=False)
            names = [TOKENIZER, *(f"{split}.ids" for split in SPLITS)]
            summary["files"] = {name: file_digest(part / name) for name in names}
            (part / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
            _put(part, folder)
    except OSError as error:
        raise BakeoffError(
            f"cannot write {folder}: {error.strerror or error}. Expected a writable folder with room for "
            "4 bytes a word: make room there or choose another data_dir"
        ) from None
    _log(folder, summary)


def _log(folder: Path, summary: dict[str, Any]) -> None:
    remarks = {  # by file, which may be several documents
        document["name"]: "; ".join(document["remarks"])
        for split in SPLITS
        for document in summary["splits"][split]["documents"]
        if document["remarks"]
    }
    # Warnings, because a user must see them wherever no log is set up.
    for name, remark in list(remarks.items())[:REMARKED]:
        log.warning("%s: %s", name, remark)
    if len(remarks) > REMARKED:
        more = len(remarks) - REMARKED
        log.warning("and %s more files with remarks: see %s", f"{more:,}", folder / SUMMARY)
    sizes = [f"{split} {found['tokens']:,} tokens" for split, found in summary["splits"].items()]
    log.info(
        "%s: %s; %s distinct in training, vocabulary %s",
        folder,
        ", ".join(sizes),
        f"{summary['distinct']:,}",
        f"{summary['vocabulary']:,}",
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
    """A new folder beside `folder`, removed at the end. Folders that killed processes have left there are
    removed first.

    A process holds a lock on its folder. The kernel frees the lock when the process ends, however it ends.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with _locked(folder.parent):  # no other process may find the new folder before its lock
            for left in folder.parent.glob(f".{PREFIX}*"):
                with _locked(left, blocking=False) as is_left_over:
                    if is_left_over:
                        shutil.rmtree(left, ignore_errors=True)
            part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
            stack.callback(shutil.rmtree, part, ignore_errors=True)
            stack.enter_context(_locked(part))
        yield part


@contextmanager
def _locked(folder: Path, blocking: bool = True) -> Iterator[bool]:
    """Lock `folder`. False where another process holds the lock, or the file system has no locks."""
    with ExitStack() as stack:
        try:
            handle = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, handle)
            locked = lock_descriptor(handle, blocking=blocking)
        except OSError:
            locked = False
        yield locked


def _put(part: Path, folder: Path) -> None:
    """Rename `part` to `folder`, unless another process was first. A damaged folder is removed."""
    if folder.exists() and not is_whole(folder):
        shutil.rmtree(folder)
    try:
        part.chmod(0o755)
        part.rename(folder)
    except OSError:
        if not folder.exists():
            raise
