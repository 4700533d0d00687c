"""The words before each target of the nets."""

import pytest
import torch

from bakeoff.tasks.generation.baselines import Rows
from bakeoff.tasks.generation.data import GenerationData
from bakeoff.text.corpus import Corpus
from bakeoff.text.document import Document


class Texts:
    """`x` and `y` are `<unk>`."""

    def documents(self) -> dict[str, list[Document]]:
        texts = {"train": ["a b a x b a b a"], "val": ["a b x a b", "b b a"], "test": ["b a a y"]}
        return {
            split: [Document.of_text(f"{split}{at}", text) for at, text in enumerate(own)]
            for split, own in texts.items()
        }


def data(root, **settings) -> GenerationData:
    corpus = Corpus(Texts(), str(root), 2, [], straighten=False)
    settings = {"length": 2, "carry": True, "skip_unknown": True, "batch_size": 1} | settings
    made = GenerationData(corpus, **settings)
    made.setup("fit")
    return made


def read(made, words: int) -> list[str]:
    contexts, targets = Rows(words).examples(made, "val")
    spell = lambda i: "-" if i < 0 else made.corpus.words[i].replace("<unk>", "?")  # noqa: E731
    return [
        f"{''.join(map(spell, context))} {spell(target)}"
        for context, target in zip(contexts, targets, strict=True)
    ]


def test_no_context_reaches_into_another_document(tmp_path):
    assert read(data(tmp_path), 3) == ["--a b", "ab? a", "b?a b", "--b b", "-bb a"]


def test_unknown_words_are_targets_where_the_nets_are_asked_for_them(tmp_path):
    assert read(data(tmp_path, skip_unknown=False), 1) == ["a b", "b ?", "? a", "a b", "b b", "b a"]


def test_windows_have_the_targets_of_the_nets(tmp_path):
    made = data(tmp_path, carry=False)
    assert read(made, 2) == ["b? a", "?a b", "bb a"]


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_the_targets_are_those_that_the_nets_are_measured_by(tmp_path, carry, rows):
    made = data(tmp_path, carry=carry, batch_size=rows)
    _, targets = Rows(2).examples(made, "val")
    asked = [target for _, batch in made.val_dataloader() for target in batch.flatten().tolist()]
    assert sorted(targets.tolist()) == sorted(target for target in asked if target >= 0)


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_each_target_is_of_the_unit_that_it_has_for_the_nets(tmp_path, monkeypatch, carry, rows):
    monkeypatch.setattr("bakeoff.text.units.BLOCK", 2)
    made = data(tmp_path, carry=carry, batch_size=rows)
    units = made.units("val").of_example
    asked = torch.cat([batch for _, batch in made.val_dataloader()]).reshape(len(units), -1)
    mine, theirs = Rows(2).units(made, "val"), []
    for unit, targets in zip(units.tolist(), asked.tolist(), strict=True):
        theirs += [(unit, target) for target in targets if target >= 0]
    _, targets = Rows(2).examples(made, "val")
    assert mine.name == made.units("val").name
    assert len(set(mine.of_example.tolist())) > 1
    assert sorted(zip(mine.of_example.tolist(), targets.tolist(), strict=True)) == sorted(theirs)
