"""Texts of the best weights, for the report."""

import json
from itertools import pairwise
from types import SimpleNamespace

import pytest
import torch

from bakeoff.nets.recurrent_language_model import RecurrentLanguageModel
from bakeoff.tasks.generation.showcase import GenerationShowcase
from bakeoff.text.tokenizer import word_tokenizer

WORDS = ["the", "cat", "sat", "on", "mat"]


class Module(torch.nn.Module):
    """As the showcase sees a LightningModule."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.net = RecurrentLanguageModel(
            (2,), (2, 6), 6, "lstm", dimension=4, layers=1, hidden=4, dropout=0.0, tied=False,
            embedding=None, frozen=False,
        )  # fmt: skip
        with torch.no_grad():
            for p in self.net.parameters():
                p.mul_(5)  # far from even: other weights write other texts


@pytest.fixture
def data():
    return SimpleNamespace(corpus=SimpleNamespace(tokenizer=word_tokenizer(WORDS)))


def showcase(**settings):
    given = {"prompts": ["the cat", "on"], "words": 4, "beams": 2, "widths": [1, 3], "ngram": 0}
    given["every_epochs"] = 2
    return GenerationShowcase(**given | settings)


def test_every_prompt_is_continued_with_every_number_of_beams(data):
    found = showcase().exhibits(Module(0), data, "val", seed=0)["beam width"]
    assert [row[0] for row in found.rows] == [1, 3, 1, 3]
    texts = [row[-1] for row in found.rows]
    assert [text.startswith("The cat ") for text in texts] == [True, True, False, False]
    assert [len(text.split()) for text in texts] == [6, 6, 5, 5]
    assert "<unk>" not in " ".join(texts)
    assert texts[0] != texts[1]  # three beams find another text than one


def test_no_n_gram_is_repeated(data):
    [row] = (
        showcase(prompts=["the"], widths=[2], ngram=2, words=9)
        .exhibits(Module(0), data, "val", seed=0)["beam width"]
        .rows
    )
    words = row[-1].lower().split()
    pairs = list(pairwise(words))
    assert len(set(pairs)) == len(pairs)


def test_test_data_have_no_texts_of_their_own(data):
    assert showcase().exhibits(Module(0), data, "test", seed=0) == {}


def test_at_the_end_the_best_weights_write_and_the_last_stay(tmp_path, data):
    best, last = Module(1), Module(2)
    torch.save({"state_dict": best.state_dict()}, tmp_path / "best.ckpt")
    before = {name: part.clone() for name, part in last.state_dict().items()}
    shown = []
    trainer = SimpleNamespace(
        checkpoint_callback=SimpleNamespace(best_model_path=str(tmp_path / "best.ckpt")),
        datamodule=data,
        default_root_dir=str(tmp_path),
        global_step=7,
        logger=SimpleNamespace(experiment=SimpleNamespace(add_text=lambda *a: shown.append(a))),
    )
    showcase().on_train_end(trainer, last)
    written = json.loads((tmp_path / "exhibits" / "continuations.json").read_text())
    expected = showcase(widths=[2]).exhibits(best, data, "val", seed=0)["beam width"]
    assert written["rows"] == [list(row) for row in expected.rows]
    assert written["rows"] != [list(r) for r in showcase(widths=[2])._table(last, data, [2]).rows]
    assert all(torch.equal(part, before[name]) for name, part in last.state_dict().items())
    [(tag, text, step)] = shown
    assert (tag, step) == ("continuations/best epoch", 7)
    assert text == "\n".join(f"- {row[-1]}" for row in expected.rows)


def test_texts_are_logged_by_epoch(data):
    module, shown = Module(0).train(), []
    for epoch in range(4):
        trainer = SimpleNamespace(
            sanity_checking=False,
            current_epoch=epoch,
            max_epochs=4,
            global_step=10 * (epoch + 1),
            datamodule=data,
            logger=SimpleNamespace(experiment=SimpleNamespace(add_text=lambda *a: shown.append(a))),
        )
        showcase().on_validation_epoch_end(trainer, module)
    assert [(tag, step) for tag, _, step in shown] == [
        ("continuations/by epoch", 10),
        ("continuations/by epoch", 30),
        ("continuations/by epoch", 40),
    ]
    assert shown[1][1].startswith("After epoch 2:\n\n- The cat ")
    assert module.training


def test_words_of_the_vocabulary_stand_in_for_prompts_that_it_does_not_know(data):
    rows = showcase(prompts=["die Katze", "the cat"])._table(Module(0), data, [1]).rows
    assert [row[-1].split()[:2] for row in rows] == [["The", "cat"]]
    rows = showcase(prompts=["die Katze", "das Haus"])._table(Module(0), data, [1]).rows
    assert [row[-1].split()[0] for row in rows] == ["The", "Cat"]
