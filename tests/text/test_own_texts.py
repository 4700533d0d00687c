"""Books as people have them, from the folder to the words that a training learns."""

import json
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from bakeoff.store import paths

HEADER = """The Project Gutenberg eBook of Night {0}

This eBook is for the use of anyone; the Project Gutenberg License is included. License, license!

Title: Night {0}

Character set encoding: {1}

*** START OF THE PROJECT GUTENBERG EBOOK NIGHT {0} ***
"""
FOOTER = """
End of Project Gutenberg's Night {0}, by A. Nobody

*** END OF THE PROJECT GUTENBERG EBOOK NIGHT {0} ***
{1}
"""
LICENCE = "the gutenberg license: a license of project gutenberg is a license\n" * 40
TEXT = "“the king saw the queen,” she said—and the queen’s dog was in the café… the end.\n" * 20
ENCODINGS = {
    "a": "utf-8",
    "b": "utf-8-sig",
    "c": "utf-16",
    "d": "cp1252",
    "e": "cp1252",  # without a header
    "f": "utf-8",  # without an end
}


def books(folder: Path) -> None:
    folder.mkdir()
    for number, (name, encoding) in enumerate(ENCODINGS.items()):
        text = HEADER.format(number, "Windows-1252") + TEXT + FOOTER.format(number, LICENCE)
        if name == "e":
            text = TEXT
        if name == "f":
            text = text[: text.index("*** END")]
        content = text.replace("\n", "\r\n").encode(encoding)
        (folder / f"{name}.txt").write_bytes(content)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A real `bakeoff train` on a folder of books: the place and the finished command."""
    from tests.conftest import Workplace

    place = Workplace(tmp_path_factory.mktemp("own"))
    books(place.folder / "books")
    command = "train task=embedding data=embedding/folder data.corpus.source.folder=books "
    command += "model=bag_of_words model.dimension=3 trainer.max_epochs=1 data_dir=data "
    return place, place.run(*command.split(), "hydra.run.dir=outputs/words")


def test_each_file_is_read_by_its_own_encoding_and_without_its_licence(trained):
    place, done = trained
    assert done.returncode == 0, done.stderr
    [corpus] = place.folder.glob("data/corpus-*/")
    summary = json.loads((corpus / "corpus.json").read_text())
    tokens = [
        document["tokens"]
        for split in ("train", "val")
        for document in summary["splits"][split]["documents"]
    ]
    # Each line has 6 tokens to the first comma, 12 from she to café, 6 in "... the end.".
    assert tokens == [20 * 24] * 5
    words = json.loads((corpus / "tokenizer.json").read_text())["model"]["vocab"]
    plain = "the king saw queen she said and s dog was in café end i"
    assert set(words) == {"<unk>", ",", "'", ".", *plain.split()}


def test_what_was_done_is_said_of_each_file(trained):
    _, done = trained
    said = {
        line.partition("books/")[2][:5]: line.partition(".txt: ")[2]
        for line in (done.stdout + done.stderr).splitlines()
        if "books/" in line and ".txt: " in line
    }
    cut = "cut off the header and licence of Project Gutenberg ("
    guessed = (
        "read as cp1252, because it is not UTF-8 and names no encoding; if that is wrong, set "
    )
    starts = {
        "a.txt": cut,
        "b.txt": cut,
        "c.txt": f"read as utf-16, by its first bytes; {cut}",
        "d.txt": f"read as Windows-1252, as its header says; {cut}",
        "e.txt": f"{guessed}data.corpus.source.encoding",
        "f.txt": "has a line '*** START OF THE PROJECT GUTENBERG EBOOK', but none with END: nothing is",
    }
    assert {name: said[name][: len(start)] for name, start in starts.items()} == starts
    assert said.keys() == starts.keys()


def test_similar_knows_the_words_of_the_books_only(trained):
    place, _ = trained
    assert place.run("similar", "outputs/words", "queen", "café").returncode == 0
    done = place.run("similar", "outputs/words", "gutenberg", "license")
    assert done.returncode == 1
    assert "'gutenberg' is not in the vocabulary of 17 words" in done.stderr
    assert "'license' is not in the vocabulary of 17 words" in done.stderr


@pytest.mark.parametrize("strip", [True, False])
def test_strip_false_keeps_the_licence(tmp_path, strip):
    books(tmp_path / "books")
    override = [f"data.corpus.source.strip={strip}", f"data.corpus.source.folder={tmp_path}/books"]
    with initialize_config_dir(str(paths.conf_dir()), version_base=None):
        config = compose("config", ["task=embedding", "data=embedding/folder", *override])
    config.data_dir = str(tmp_path)
    words = instantiate(config.data.corpus, _convert_="all").words
    assert ("gutenberg" in words, "license" in words) == (not strip, not strip)
