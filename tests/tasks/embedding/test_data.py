"""Targets and contexts of word embeddings, by hand."""

from collections import Counter

import pytest
import torch

from bakeoff.data.batches import loader
from bakeoff.errors import BakeoffError
from bakeoff.tasks.embedding.data import EmbeddingData
from bakeoff.text.corpus import Corpus
from bakeoff.text.document import Document

TRAIN = "a b, a c a b, b a a rare"  # tokens: a b , a c a b , b a a rare


class Texts:
    def __init__(self, val: str, test: str) -> None:
        self.texts = {"train": TRAIN, "val": val, "test": test}

    def documents(self) -> dict[str, list[Document]]:
        return {split: [Document.of_text(split, text)] for split, text in self.texts.items()}


def data(
    root, val="a b a c", before=1, after=1, skip=False, cap=None, seed=0, test="b a b a"
) -> EmbeddingData:
    corpus = Corpus(Texts(val, test), str(root), 2, [], straighten=False)
    made = EmbeddingData(corpus, before, after, skip, cap, seed, 4)
    made.prepare_data()
    return made


def test_the_vocabulary_is_what_is_predicted(tmp_path):
    made = data(tmp_path)
    assert made.class_names == ["<unk>", "a", "b", ","]
    assert made.output_shape == (4,)


def shown(made: EmbeddingData, split: str) -> list[tuple[str, str, str]]:
    names = made.class_names
    contexts, targets = made.splits[split][:]
    return [
        (names[left], names[target], names[right])
        for (left, right), target in zip(contexts.tolist(), targets.tolist(), strict=True)
    ]


def test_every_known_word_inside_the_text_is_a_target(tmp_path):
    made = data(tmp_path)
    made.setup("fit")
    unk = "<unk>"  # c, and the rare word
    assert shown(made, "train") == [
        ("a", "b", ","),
        ("b", ",", "a"),
        (",", "a", unk),
        (unk, "a", "b"),
        ("a", "b", ","),
        ("b", ",", "b"),
        (",", "b", "a"),
        ("b", "a", "a"),
        ("a", "a", unk),
    ]
    assert shown(made, "val") == [("a", "b", "a"), ("b", "a", unk)]
    assert made.class_counts().tolist() == [0, 4, 3, 2]


def test_punctuation_may_be_context_only(tmp_path):
    made = data(tmp_path, skip=True)
    made.setup("fit")
    targets = Counter(target for _, target, _ in shown(made, "train"))
    assert targets == {"a": 4, "b": 3}
    assert any("," in (left, right) for left, _, right in shown(made, "train"))


def test_a_cap_is_for_training_alone(tmp_path):
    drawn = set()
    for seed in range(6):
        made = data(tmp_path, val=TRAIN, cap=2, seed=seed)
        made.setup("fit")
        assert made.class_counts().tolist() == [0, 2, 2, 2]
        assert len(made.splits["val"]) == 9
        drawn.add(tuple(made.splits["train"].places.tolist()))
    assert len(drawn) > 1


def test_batches_are_what_single_samples_stacked_are(tmp_path):
    made = data(tmp_path)
    made.setup("fit")
    train = made.splits["train"]
    (contexts, targets), *_ = loader(train, batch_size=4)
    assert torch.equal(contexts, torch.stack([train[i][0] for i in range(4)]))
    assert torch.equal(targets, torch.stack([train[i][1] for i in range(4)]))


def test_mistakes_are_named(tmp_path):
    for cap in (0, 1.5, "many"):
        with pytest.raises(BakeoffError, match=f"data.cap is {cap}: expected a whole number, 1 or"):
            data(tmp_path, cap=cap)


def test_splits_without_a_target_are_named_before_training(tmp_path):
    with pytest.raises(BakeoffError) as error:
        data(tmp_path, val="c rare c", test="rare c rare")
    val, test = str(error.value).splitlines()
    assert val.startswith("the val text: it holds no word to predict of the vocabulary of 4")
    assert test.startswith("the test text: it holds no word to predict")


def test_data_are_other_data_where_punctuation_is_no_target(tmp_path):
    every, words, capped = data(tmp_path), data(tmp_path, skip=True), data(tmp_path, cap=2)
    assert every.fingerprint != words.fingerprint
    assert every.fingerprint == capped.fingerprint  # what is trained on, not what is evaluated
