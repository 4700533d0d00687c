"""Where texts come from: documents for training, validation and test."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from bakeoff.data import catalog
from bakeoff.data.download.fetch import fetch
from bakeoff.data.split_names import SPLITS
from bakeoff.errors import BakeoffError, suggestion
from bakeoff.text.document import Document
from bakeoff.text.encodings import check_encoding
from bakeoff.text.licence import without_licence

Documents = Mapping[str, Sequence[Document]]  # by split: train, val, test


class TextSource(Protocol):
    """What a corpus needs of a source."""

    def documents(self) -> Documents:
        """The documents of every split; downloads what is missing. Raises BakeoffError."""


class PythonDocs:
    """The language reference that comes with Python (`pydoc_data`), a document for each topic.

    A paragraph that several topics share is taken once. The last paragraphs of each topic are for testing,
    the ones before them for validation; `test` and `val` are their shares.
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
    """The `.txt` files below a folder. The sub-folders `train`, `val` and `test` are the splits. Without
    these, `split_by` says how all files are split: `file` takes whole files, in the order of their names;
    `position` takes the beginning, middle and end of every file.

    `val` and `test` are the shares of the files, or of each file's text. `encoding` None finds the encoding
    of each file. `strip` cuts off Project Gutenberg's headers and licences.
    """

    def __init__(
        self,
        folder: str,
        val: float,
        test: float,
        split_by: str,
        encoding: str | None,
        strip: bool,
    ) -> None:
        if split_by not in ("file", "position"):
            raise BakeoffError(
                f"data.corpus.source.split_by is {split_by!r}: expected file or position"
            )
        self.folder = Path(folder).expanduser()
        self.val, self.test = _checked_shares(val, test)
        self.split_by = split_by
        self.encoding = None if encoding is None else check_encoding(encoding)
        self.strip = strip

    @staticmethod
    def files(folder: str, **_: Any) -> dict[str, list[Path]]:
        """The texts, by the setting that names them."""
        every = sorted(Path(folder).expanduser().rglob("*"))
        return {"folder": [path for path in every if path.suffix.lower() == ".txt"]}

    def documents(self) -> Documents:
        """Raises BakeoffError where a split gets no texts, or a file cannot be read."""
        if not self.folder.is_dir():
            raise BakeoffError(
                f"data.corpus.source.folder: {self.folder} is not a folder: expected one with .txt files"
            )
        folders = [self.folder / split for split in SPLITS]
        if any(folder.is_dir() for folder in folders):
            return {folder.name: _joined(self._by_file(folder)) for folder in folders}
        files = self._by_file(self.folder)
        if self.split_by == "position":
            shares = [1 - self.val - self.test, self.val, self.test]
            parts = [document.cut(shares) for document in _joined(files)]
            return dict(zip(SPLITS, zip(*parts, strict=True), strict=True))
        val, test = (max(1, round(share * len(files))) for share in (self.val, self.test))
        train = len(files) - val - test
        if train < 1:
            raise BakeoffError(
                f"{self.folder} holds {len(files)} .txt files: expected three at least to split by file; "
                "add files, or set data.corpus.source.split_by=position"
            )
        parts = (files[:train], files[train : train + val], files[-test:])
        return {split: _joined(part) for split, part in zip(SPLITS, parts, strict=True)}

    def _by_file(self, folder: Path) -> list[list[Document]]:
        """The documents of each file: several where it holds several books."""
        paths = [path for path in self.files(str(folder))["folder"] if path.is_file()]
        if not paths:
            raise BakeoffError(f"{folder} holds no .txt files: expected texts in it")
        empty = [str(path) for path in paths if not path.stat().st_size]
        if empty:
            more = f" and {len(empty) - 5} more" if len(empty) > 5 else ""
            raise BakeoffError(
                f"empty files: {', '.join(empty[:5])}{more}; remove them or fill them"
            )
        found = [Document.of_file(path, self.encoding) for path in paths]
        return [without_licence(text) if self.strip else [text] for text in found]


class CourseBooks:
    """Books of the course's data set, named as their files, such as `candide`. Only a mirror has them."""

    def __init__(
        self, root: str, train: Sequence[str], val: Sequence[str], test: Sequence[str]
    ) -> None:
        self.root = Path(root)
        self.names = {"train": train, "val": val, "test": test}

    def documents(self) -> Documents:
        """Raises BakeoffError for an unknown book, one named twice, or one that cannot be downloaded."""
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
    """Raises BakeoffError for a book that is named twice: it would be in two splits, or count double."""
    twice = sorted({str(book) for book in books if list(books).count(book) > 1})
    if twice:
        raise BakeoffError(
            f"data.corpus.source names {', '.join(twice)} twice: expected every book once, in one split"
        )


def _joined(files: Sequence[Sequence[Document]]) -> list[Document]:
    return list(chain.from_iterable(files))


def _checked_shares(val: float, test: float) -> tuple[float, float]:
    if not (0 < val < 1 and 0 < test < 1 and val + test < 1):
        raise BakeoffError(
            f"data.corpus.source: val is {val}, test is {test}: expected shares above 0 that leave "
            "something for training"
        )
    return val, test
