"""Where texts come from: documents for training, validation and test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bakeoff.data import catalog
from bakeoff.data.download.fetch import fetch
from bakeoff.data.split_names import SPLITS
from bakeoff.errors import BakeoffError, suggestion
from bakeoff.text.document import Document, check_encoding

Documents = Mapping[str, Sequence[Document]]  # by split: train, val, test


class TextSource(Protocol):
    """What a corpus needs of a source."""

    def documents(self) -> Documents:
        """The documents of every split, fetched where need be. Raises BakeoffError."""


class PythonDocs:
    """The language reference that comes with Python (`pydoc_data`), a document for each topic.

    A paragraph that several topics hold counts once. Of each topic, the last paragraphs are for testing
    and those before them for validation: `test` and `val` are the shares of its paragraphs.
    """

    def __init__(self, val: float, test: float) -> None:
        self.val, self.test = _checked_shares(val, test)

    def documents(self) -> Documents:
        """The topics of each split, by name."""
        from pydoc_data.topics import topics

        seen: set[str] = set()
        found: dict[str, list[Document]] = {split: [] for split in SPLITS}
        for name in sorted(topics):
            paragraphs = topics[name].split("\n\n")
            new = [text for text in paragraphs if not (text in seen or seen.add(text))]
            test = len(new) - round(self.test * len(new))
            val = test - round(self.val * len(new))
            for split, part in zip(SPLITS, (new[:val], new[val:test], new[test:]), strict=True):
                if part:
                    found[split].append(Document.of_text(name, "\n\n".join(part)))
        return found


class TextFolder:
    """The `.txt` files below a folder: those of its sub-folders `train`, `val` and `test`; or, without
    these, all of them, split by `split_by`: whole files (`file`, in the order of their names), or
    the beginning, middle and end of every file (`position`).

    `val` and `test` are the shares of the files, or of each file's text.
    """

    def __init__(self, folder: str, val: float, test: float, split_by: str, encoding: str) -> None:
        if split_by not in ("file", "position"):
            raise BakeoffError(
                f"data.corpus.source.split_by is {split_by!r}: expected file or position"
            )
        self.folder = Path(folder).expanduser()
        self.val, self.test = _checked_shares(val, test)
        self.split_by = split_by
        self.encoding = check_encoding(encoding)

    @staticmethod
    def files(folder: str, **_: Any) -> dict[str, list[Path]]:
        """The texts, by the setting that names them."""
        every = sorted(Path(folder).expanduser().rglob("*"))
        return {"folder": [path for path in every if path.suffix.lower() == ".txt"]}

    def documents(self) -> Documents:
        """Raises BakeoffError where there are no texts for one of the splits."""
        if not self.folder.is_dir():
            raise BakeoffError(
                f"data.corpus.source.folder: {self.folder} is not a folder: expected one with .txt files"
            )
        folders = [self.folder / split for split in SPLITS]
        if any(folder.is_dir() for folder in folders):
            return {folder.name: self._texts(folder) for folder in folders}
        texts = self._texts(self.folder)
        if self.split_by == "position":
            shares = [1 - self.val - self.test, self.val, self.test]
            parts = [document.cut(shares) for document in texts]
            return dict(zip(SPLITS, zip(*parts, strict=True), strict=True))
        val, test = (max(1, round(share * len(texts))) for share in (self.val, self.test))
        train = len(texts) - val - test
        if train < 1:
            raise BakeoffError(
                f"{self.folder} holds {len(texts)} .txt files: expected three at least to split by file; "
                "add files, or set data.corpus.source.split_by=position"
            )
        return {"train": texts[:train], "val": texts[train : train + val], "test": texts[-test:]}

    def _texts(self, folder: Path) -> list[Document]:
        paths = sorted(path for path in folder.rglob("*.txt") if path.is_file())
        if not paths:
            raise BakeoffError(f"{folder} holds no .txt files: expected texts in it")
        empty = [str(path) for path in paths if not path.stat().st_size]
        if empty:
            more = f" and {len(empty) - 5} more" if len(empty) > 5 else ""
            raise BakeoffError(
                f"empty files: {', '.join(empty[:5])}{more}; remove them or fill them"
            )
        return [Document.of_file(path, self.encoding) for path in paths]


class CourseBooks:
    """Books of the course's data set by their files' names, such as `candide`; from a mirror only."""

    def __init__(
        self, root: str, train: Sequence[str], val: Sequence[str], test: Sequence[str]
    ) -> None:
        self.root = Path(root)
        self.names = {"train": train, "val": val, "test": test}

    def documents(self) -> Documents:
        """Raises BakeoffError for an unknown book, one used twice, or one that cannot be fetched."""
        files = {Path(file.path).stem: file for file in catalog.find("course_books").files}
        wanted = [str(name) for names in self.names.values() for name in names]
        for name in wanted:
            if name not in files:
                raise BakeoffError(
                    f"data.corpus.source: no book {name!r}: expected some of "
                    f"{', '.join(sorted(files))}{suggestion(name, files)}"
                )
        refuse_twice(wanted)
        return {
            split: [Document.of_file(fetch(files[str(name)], self.root), "utf-8") for name in names]
            for split, names in self.names.items()
        }


def refuse_twice(books: Sequence[object]) -> None:
    """Raises BakeoffError where a book is named twice: it would be in two splits, or count double."""
    twice = sorted({str(book) for book in books if list(books).count(book) > 1})
    if twice:
        raise BakeoffError(
            f"data.corpus.source names {', '.join(twice)} twice: expected every book once, in one split"
        )


def _checked_shares(val: float, test: float) -> tuple[float, float]:
    if not (0 < val < 1 and 0 < test < 1 and val + test < 1):
        raise BakeoffError(
            f"data.corpus.source: val is {val}, test is {test}: expected shares above 0 that leave "
            "something for training"
        )
    return val, test
