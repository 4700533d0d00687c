"""Sentences with a gap, right and wrong."""

from types import SimpleNamespace

import torch
from torch import nn

from bakeoff.data.batches import Tensors
from bakeoff.tasks.conjugation.showcase import ConjugationShowcase

WORDS = ["<unk>", "he", "she", "old"]
# Contexts of two words before the gap and one after; the net says the class of its first word.
CONTEXTS = torch.tensor([[1, 2, 3], [0, 2, 3], [1, 1, 3], [0, 0, 3]], dtype=torch.int32)
TARGETS = torch.tensor([1, 1, 0, 0])


class Says(nn.Module):
    device = torch.device("cpu")

    def read(self, ids: torch.Tensor, state: None) -> tuple[torch.Tensor, None]:
        return nn.functional.one_hot(ids[:, 0].long(), 2) * torch.log(torch.tensor(3.0)), state


def exhibits(sentences: int):
    data = SimpleNamespace(
        splits={"val": Tensors(CONTEXTS, TARGETS)},
        batch_size=3,
        class_names=("is", "was"),
        corpus=SimpleNamespace(words=WORDS),
        before=2,
    )
    return ConjugationShowcase(sentences).exhibits(Says(), data, "val", seed=0)


def test_a_sentence_has_its_gap_the_truth_and_what_was_said():
    found = exhibits(4)
    assert list(found) == ["confusion matrix", "sentences"]
    assert sorted(found["sentences"].rows[:2]) == [
        ["<unk> <unk> ___ old", "is", "is (75%)"],
        ["he she ___ old", "was", "was (75%)"],
    ]
    assert sorted(found["sentences"].rows[2:]) == [
        ["<unk> she ___ old", "was", "is (75%)"],
        ["he he ___ old", "is", "was (75%)"],
    ]


def test_half_of_the_sentences_are_right():
    rows = exhibits(2)["sentences"].rows
    assert [row[1] == row[2].split()[0] for row in rows] == [True, False]


def test_sentences_are_of_the_split_that_was_asked_for():
    splits = {"val": Tensors(CONTEXTS[:2], TARGETS[:2]), "test": Tensors(CONTEXTS[2:], TARGETS[2:])}
    data = SimpleNamespace(
        splits=splits,
        batch_size=3,
        class_names=("is", "was"),
        corpus=SimpleNamespace(words=WORDS),
        before=2,
    )
    for split, sentences in (
        ("val", {"he she ___ old", "<unk> she ___ old"}),
        ("test", {"he he ___ old", "<unk> <unk> ___ old"}),
    ):
        rows = ConjugationShowcase(4).exhibits(Says(), data, split, seed=0)["sentences"].rows
        assert {row[0] for row in rows} == sentences
