"""Corpora on disk: counted exactly, made once, never by halves."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.text import corpus as module
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

    def __init__(self, texts: dict[str, list[str]]) -> None:
        self.texts = texts

    def documents(self) -> dict[str, list[Document]]:
        return {
            split: [Document.of_text(f"{split} {number}", text) for number, text in enumerate(some)]
            for split, some in self.texts.items()
        }


def corpus(root: Path, texts: dict[str, list[str]] = TEXTS, min_count: int = 2, keep=()) -> Corpus:
    return Corpus(Texts(texts), str(root), min_count, keep)


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
        "documents": [{"name": "train 0", "tokens": 9}, {"name": "train 1", "tokens": 4}],
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


def test_the_second_use_reads_what_is_there(tmp_path, monkeypatch):
    first = corpus(tmp_path).folder
    monkeypatch.setattr(module, "_make", lambda *_: pytest.fail("made again"))
    again = corpus(tmp_path)
    assert again.folder == first
    assert again.words == ["<unk>", "cat", "the"]


@pytest.mark.parametrize("name", ["tokenizer.json", "train.ids", "test.ids", "corpus.json"])
@pytest.mark.parametrize("damage", ["changed", "cut", "missing"])
def test_a_damaged_file_is_noticed_and_made_again(tmp_path, caplog, name, damage):
    path = corpus(tmp_path).folder / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-3] if damage == "cut" else b"x" + content[1:])
    assert corpus(tmp_path).folder == path.parent
    assert "is damaged: making it again" in caplog.text
    assert path.read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"min_count": 1},
        {"keep": ["hat"]},
        {"texts": {**TEXTS, "train": ["the cat sat. The cat's hat a", " cat; the dog"]}},
        {"texts": {**TEXTS, "val": ["the birds"]}},
        {"texts": {**TEXTS, "val": TEXTS["test"], "test": TEXTS["val"]}},
    ],
)
def test_what_decides_the_ids_decides_the_fingerprint(tmp_path, change):
    assert corpus(tmp_path, **change).fingerprint != corpus(tmp_path).fingerprint
    assert corpus(tmp_path / "elsewhere").fingerprint == corpus(tmp_path).fingerprint


def test_a_mistake_in_the_text_leaves_nothing(tmp_path):
    texts = {**TEXTS, "test": ["zero \0 byte"]}
    with pytest.raises(BakeoffError, match="test 0 is not a text"):
        _ = corpus(tmp_path / "data", texts).folder
    assert not (tmp_path / "data").exists()


def test_all_files_that_are_no_text_are_named_at_once(tmp_path):
    wrong = {**TEXTS, "train": ["a \0"] * 3, "val": ["b \0", "right"], "test": ["c \0"] * 3}
    with pytest.raises(BakeoffError) as error:
        _ = corpus(tmp_path, wrong).folder
    *lines, more = str(error.value).splitlines()
    named = [line.partition(" is not a text")[0] for line in lines]
    assert named == ["train 0", "train 1", "train 2", "val 0", "test 0"]
    assert more == "and 2 more files"


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


def test_kept_words_have_ids(tmp_path):
    made = corpus(tmp_path, keep=["zebra", "cat"])
    assert made.words == ["<unk>", "cat", "the", "zebra"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(
        BakeoffError, match=r"cannot write .*data/corpus-.*: .*choose another data_dir"
    ):
        _ = corpus(tmp_path / "data").folder


def test_several_at_once_make_one_corpus(tmp_path):
    with ThreadPoolExecutor(4) as pool:  # what they share is the disk, as processes do
        found = list(pool.map(lambda _: corpus(tmp_path).words, range(8)))
    assert found == [["<unk>", "cat", "the"]] * 8
    assert len(list(tmp_path.iterdir())) == 1


def test_the_second_of_two_makers_takes_what_the_first_has_put(tmp_path, monkeypatch):
    first = corpus(tmp_path)
    write = module._write

    def slowly(part, *arguments):
        summary = write(part, *arguments)
        monkeypatch.setattr(module, "_write", write)
        _ = corpus(tmp_path).folder  # another process is faster
        return summary

    monkeypatch.setattr(module, "_write", slowly)
    assert first.words == ["<unk>", "cat", "the"]
    assert len(list(tmp_path.iterdir())) == 1


def test_writing_into_a_split_changes_no_file(tmp_path):
    made = corpus(tmp_path)
    made.split("train").ids.zero_()
    assert corpus(tmp_path).split("train").ids.tolist()[:2] == [2, 1]


def test_the_summary_is_plain_json(tmp_path):
    summary = json.loads((corpus(tmp_path).folder / "corpus.json").read_text())
    assert set(summary["files"]) == {"tokenizer.json", "train.ids", "val.ids", "test.ids"}


MAKE = """
import sys, time
from pathlib import Path
from bakeoff.text import corpus
with corpus._part(Path(sys.argv[1]) / "corpus-1234") as part:
    (part / "train.ids").write_text("half")
    print(part, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_maker_has_left_is_removed_but_not_a_live_ones(tmp_path):
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        killed, live = (Path(maker.stdout.readline().strip()) for maker in makers)
        makers[0].kill()
        makers[0].wait()
        assert killed.is_dir()
        made = corpus(tmp_path).folder
        assert sorted(tmp_path.iterdir()) == sorted([live, made])
        assert (live / "train.ids").read_text() == "half"
    finally:
        for maker in makers:
            maker.kill()
            maker.communicate()


def test_a_file_system_without_locks_serves(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no locks here")

    left = tmp_path / ".corpus-1234.x"
    left.mkdir()
    monkeypatch.setattr(module, "lock_descriptor", refuse)
    made = corpus(tmp_path).folder
    assert sorted(tmp_path.iterdir()) == sorted([left, made])  # whether it has a maker is not known
