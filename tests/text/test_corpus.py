"""Corpora: counted exactly, by all that decides their ids."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.text import document
from bakeoff.text.corpus import Corpus
from bakeoff.text.document import Document
from bakeoff.text.tokenizer import tokens

TEXTS = {
    "train": ["the cat sat. The cat's hat", "a cat; the dog"],
    "val": ["the bird"],
    "test": ["a cat, a cat"],
}


class Texts:
    """Texts in memory as a source."""

    def __init__(self, texts: dict[str, list[str]], remarks: tuple[str, ...] = ()) -> None:
        self.texts = texts
        self.remarks = remarks

    def documents(self) -> dict[str, list[Document]]:
        return {
            split: [
                replace(Document.of_text(f"{split} {number}", text), remarks=self.remarks)
                for number, text in enumerate(some)
            ]
            for split, some in self.texts.items()
        }


def corpus(
    root: Path,
    texts: dict[str, list[str]] = TEXTS,
    min_count: int = 2,
    keep=(),
    straighten: bool = False,
    remarks: tuple[str, ...] = (),
) -> Corpus:
    return Corpus(Texts(texts, remarks), str(root), min_count, keep, straighten)


@pytest.mark.parametrize(
    ("name", "tokens", "distinct", "words"),
    [("books", 2_684_706, 52_105, 1_880), ("books_2022", 1_368_807, 30_374, 1_050)],
)
def test_the_counts_of_the_course(mirror, tmp_path, name, tokens, distinct, words):
    with initialize_config_dir(str(paths.conf_dir()), version_base=None):
        config = compose("config", ["task=embedding", f"data=embedding/{name}"])
    config.data_dir = str(tmp_path)
    summary = instantiate(config.data.corpus, _convert_="all").summary
    assert (summary["splits"]["train"]["tokens"], summary["distinct"]) == (tokens, distinct)
    assert summary["vocabulary"] == words


def test_a_corpus_by_hand(tmp_path):
    made = corpus(tmp_path)
    # Plain words of the training text: cat 3 ("cat's" counts for cat), the 2 (without "The"), a 1, ...
    assert made.words == ["<unk>", "cat", "the"]
    train = made.split("train")
    text = ["the", "cat", "sat", ".", "the", "cat", "'", "s", "hat", "a", "cat", "the", "dog"]
    assert [made.words[i] for i in train.ids.tolist()] == [
        word if word in made.words else "<unk>" for word in text
    ]
    assert train.borders.tolist() == [0, 9, 13]
    assert made.split("test").ids.tolist() == [0, 1, 0, 0, 1]
    assert made.summary["distinct"] == len(set(text))
    assert made.summary["splits"]["train"] == {
        "tokens": 13,
        "unknown": 7,
        "documents": [
            {"name": "train 0", "tokens": 9, "remarks": []},
            {"name": "train 1", "tokens": 4, "remarks": []},
        ],
    }
    assert train.ids.dtype == torch.int32


@pytest.mark.parametrize("size", [1, 4, 7])
def test_small_blocks_make_the_same_corpus(tmp_path, monkeypatch, size):
    texts = {**TEXTS, "train": [*TEXTS["train"], "a<br />b <BR />c" * 3]}
    whole = corpus(tmp_path / "whole", texts)
    monkeypatch.setattr(document, "BLOCK", size)
    pieces = corpus(tmp_path / "pieces", texts)
    assert pieces.fingerprint == whole.fingerprint
    assert (pieces.folder / "corpus.json").read_bytes() == (
        whole.folder / "corpus.json"
    ).read_bytes()
    text = " ".join(texts["train"])
    assert len(pieces.split("train").ids) == len(tokens(text))


@pytest.mark.parametrize(
    "change",
    [
        {"min_count": 1},
        {"keep": ["hat"]},
        {"straighten": True},
        {"texts": {**TEXTS, "train": ["the cat sat. The cat's hat a", " cat; the dog"]}},
        {"texts": {**TEXTS, "val": ["the birds"]}},
        {"texts": {**TEXTS, "val": TEXTS["test"], "test": TEXTS["val"]}},
    ],
)
def test_what_decides_the_ids_decides_the_fingerprint(tmp_path, change):
    assert corpus(tmp_path, **change).fingerprint != corpus(tmp_path).fingerprint
    assert corpus(tmp_path / "elsewhere").fingerprint == corpus(tmp_path).fingerprint


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_split_without_words_or_documents_is_named(tmp_path, split):
    with pytest.raises(BakeoffError, match=rf"the {split} text holds no words|no word occurs"):
        _ = corpus(tmp_path, {**TEXTS, split: [' \n "" ']}).folder
    with pytest.raises(BakeoffError, match=f"gives no text for {split}"):
        _ = corpus(tmp_path, {**TEXTS, split: []}).folder
    assert not list(tmp_path.iterdir())


def test_a_vocabulary_of_nothing_is_refused(tmp_path):
    with pytest.raises(BakeoffError, match=r"min_count is 9: no word occurs as often"):
        _ = corpus(tmp_path, min_count=9).folder
    assert not list(tmp_path.iterdir())
    with pytest.raises(BakeoffError, match="min_count is 0"):
        corpus(tmp_path, min_count=0)


@pytest.mark.parametrize("word", ["I", "don't", "<unk>", "two words", "", 1])
def test_what_can_be_no_token_cannot_be_kept(tmp_path, word):
    with pytest.raises(BakeoffError, match=r"data.corpus.keep holds .*: expected tokens"):
        corpus(tmp_path, keep=["i", word])


def test_what_can_be_kept_depends_on_the_marks(tmp_path):
    assert "co—op" in corpus(tmp_path, keep=["co—op"]).words
    with pytest.raises(BakeoffError, match=r"keep holds 'co—op': expected tokens"):
        corpus(tmp_path, keep=["co—op"], straighten=True)


def test_kept_words_have_ids(tmp_path):
    made = corpus(tmp_path, keep=["zebra", "cat"])
    assert made.words == ["<unk>", "cat", "the", "zebra"]


def test_writing_into_a_split_changes_no_file(tmp_path):
    made = corpus(tmp_path)
    made.split("train").ids.zero_()
    assert corpus(tmp_path).split("train").ids.tolist()[:2] == [2, 1]


def test_straight_marks_are_a_setting(tmp_path):
    texts = {**TEXTS, "train": ["“the cat”—the cat’s"]}
    assert corpus(tmp_path, texts, 1).words == ["<unk>", "cat’s", "cat”—the", "“the"]
    made = corpus(tmp_path, texts, 1, straighten=True)
    assert made.words == ["<unk>", "cat", "the", "'", "s"]
    assert made.split("train").ids.tolist() == [2, 1, 2, 1, 3, 4]
    # The tokenizer of the corpus has the setting: a prompt is read as the texts were.
    assert made.tokenizer.encode("the ‘cat’").ids == [2, 3, 1, 3]


def test_the_summary_keeps_the_remarks(tmp_path):
    made = corpus(tmp_path, remarks=("read as klingon",))
    [document] = made.summary["splits"]["val"]["documents"]
    assert document == {"name": "val 0", "tokens": 2, "remarks": ["read as klingon"]}
