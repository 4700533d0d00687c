"""The folder of a corpus: made once, never by halves, and what is said of it."""

import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.text import corpus as corpus_module
from bakeoff.text import corpus_folder as module
from bakeoff.text.corpus import Corpus
from bakeoff.text.document import Document

TEXTS = {
    "train": ["the cat sat. The cat's hat", "a cat; the dog"],
    "val": ["the bird"],
    "test": ["a cat, a cat"],
}


class Texts:
    """Texts in memory as a source; `remarks` by document."""

    def __init__(self, texts: dict[str, list[str]], remarks: dict[str, tuple[str, ...]]) -> None:
        self.texts = texts
        self.remarks = remarks

    def documents(self) -> dict[str, list[Document]]:
        return {
            split: [self._document(f"{split} {number}", text) for number, text in enumerate(some)]
            for split, some in self.texts.items()
        }

    def _document(self, name: str, text: str) -> Document:
        return replace(Document.of_text(name, text), remarks=self.remarks.get(name, ()))


def corpus(root: Path, texts: dict[str, list[str]] = TEXTS, remarks=None) -> Corpus:
    return Corpus(Texts(texts, remarks or {}), str(root), 2, (), False)


def test_the_second_use_reads_what_is_there(tmp_path, monkeypatch):
    first = corpus(tmp_path).folder
    monkeypatch.setattr(corpus_module, "make", lambda *_: pytest.fail("made again"))
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
    write = module.tokenize

    def slowly(part, *arguments):
        summary = write(part, *arguments)
        monkeypatch.setattr(module, "tokenize", write)
        _ = corpus(tmp_path).folder  # another process is faster
        return summary

    monkeypatch.setattr(module, "tokenize", slowly)
    assert first.words == ["<unk>", "cat", "the"]
    assert len(list(tmp_path.iterdir())) == 1


def test_the_summary_is_plain_json(tmp_path):
    summary = json.loads((corpus(tmp_path).folder / "corpus.json").read_text())
    assert set(summary["files"]) == {"tokenizer.json", "train.ids", "val.ids", "test.ids"}


MAKE = """
import sys, time
from pathlib import Path
from bakeoff.text import corpus_folder
with corpus_folder._part(Path(sys.argv[1]) / "corpus-1234") as part:
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


def warnings(caplog):
    return [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]


def test_remarks_are_warned_of_once_for_each_file(tmp_path, caplog):
    remarks = {"train 0": ("read as klingon", "cut off"), "test 0": ("cut off",)}
    with caplog.at_level(logging.INFO):
        made = corpus(tmp_path, remarks=remarks).folder
        assert corpus(tmp_path, remarks=remarks).folder == made
    warned = warnings(caplog)
    assert warned == ["train 0: read as klingon; cut off", "test 0: cut off"]
    [said] = [r.getMessage() for r in caplog.records if r.levelno == logging.INFO]
    assert said == (
        f"{made}: train 13 tokens, val 2 tokens, test 5 tokens; 9 distinct in training, vocabulary 3"
    )


def test_a_file_of_several_documents_is_named_once(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(
        Texts,
        "_document",
        lambda _, name, text: replace(Document.of_text("book", text), remarks=("cut off",)),
    )
    _ = corpus(tmp_path).folder
    assert warnings(caplog) == ["book: cut off"]


def test_the_remarks_on_many_files_are_few_lines(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(module, "REMARKED", 2)
    texts = {**TEXTS, "train": ["the cat the cat"] * 5}
    made = corpus(tmp_path, texts, {f"train {n}": ("cut off",) for n in range(5)})
    lines = [
        "train 0: cut off",
        "train 1: cut off",
        f"and 3 more files with remarks: see {made.folder / 'corpus.json'}",
    ]
    assert warnings(caplog) == lines
