"""Vectors of an earlier run, and when they serve another."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.text.word_vectors import load_vectors, table_for

VECTORS = torch.arange(6.0).reshape(3, 2)


def test_words_and_vectors_belong_together(word_run):
    found = load_vectors(word_run("run", ["king", "dog"], VECTORS))
    assert found.words == ["<unk>", "king", "dog"]
    assert torch.equal(found.vectors, VECTORS)


def test_a_run_without_vectors_is_refused(word_run):
    run = word_run("images", ["king", "dog"], VECTORS, key="net.conv.weight")
    with pytest.raises(BakeoffError, match=r"has learned no vectors of words: .*embedding/latest"):
        load_vectors(run)
    run = word_run("bare", ["king", "dog"], VECTORS)
    (run / "tokenizer.json").unlink()
    with pytest.raises(BakeoffError, match="has learned no vectors of words"):
        load_vectors(run)


def test_damaged_files_are_named(word_run):
    run = word_run("run", ["king", "dog"], VECTORS)
    (run / "tokenizer.json").write_text("{")
    with pytest.raises(BakeoffError, match=r"tokenizer.json is damaged"):
        load_vectors(run)
    with (run / "checkpoints" / "best.ckpt").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BakeoffError, match=r"best.ckpt is missing or not the file that run.json"):
        load_vectors(run)


def test_a_tokenizer_of_another_training_is_noticed(word_run):
    run = word_run("run", ["king", "dog", "cat"], VECTORS)
    with pytest.raises(BakeoffError, match="has 4 words, the weights have 3"):
        load_vectors(run)


def test_the_table_is_for_the_same_words(word_run):
    run = word_run("run", ["king", "dog"], VECTORS)
    assert torch.equal(table_for(str(run), ["<unk>", "king", "dog"]), VECTORS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["king"],
            r"another vocabulary \(3 words\) than the data \(2\): it has more: 1, such as dog\.",
        ),
        (["king", "dog", "cat"], r"it lacks 1, such as cat\."),
        (["king", "cat"], r"it lacks 1, such as cat; it has more: 1, such as dog\."),
        (["dog", "king"], r"the same words in another order\."),
    ],
)
def test_another_vocabulary_says_how_it_differs_and_what_to_do(word_run, words, said):
    run = word_run("run", ["king", "dog"], VECTORS)
    with pytest.raises(BakeoffError, match=f"{said} Train both on the same data.corpus"):
        table_for(str(run), ["<unk>", *words])


def test_no_such_run_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BakeoffError, match="no sweep at 'embedding/latest'"):
        table_for("embedding/latest", ["<unk>", "king"])
