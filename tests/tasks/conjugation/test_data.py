"""Gaps where a form of a verb stood, by hand."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.tasks.conjugation.data import ConjugationData
from bakeoff.text.corpus import Corpus
from bakeoff.text.document import Document

TRAIN = "he is old and she was old . he was old"


class Texts:
    def __init__(self, val: str, test: str) -> None:
        self.texts = {"train": TRAIN, "val": val, "test": test}

    def documents(self) -> dict[str, list[Document]]:
        return {split: [Document.of_text(split, text)] for split, text in self.texts.items()}


def data(
    root, forms=("was", "is"), val="it was he is", before=1, after=1, test="it is old"
) -> ConjugationData:
    return ConjugationData(
        Corpus(Texts(val, test), str(root), 1, [], straighten=False), forms, before, after, 4
    )


def shown(made: ConjugationData, split: str) -> list[tuple[str, str, str]]:
    words = made.corpus.words
    contexts, classes = made.splits[split][:]
    return [
        (words[left], made.class_names[number], words[right])
        for (left, right), number in zip(contexts.tolist(), classes.tolist(), strict=True)
    ]


def test_contexts_are_around_the_gap_and_classes_in_the_order_of_the_forms(tmp_path):
    made = data(tmp_path)
    made.prepare_data()
    made.setup("fit")
    assert shown(made, "train") == [
        ("he", "is", "old"),
        ("she", "was", "old"),
        ("he", "was", "old"),
    ]
    # The last word has nothing after it.
    assert shown(made, "val") == [("<unk>", "was", "he")]
    assert made.class_counts().tolist() == [2, 1]
    assert (made.input_shape, made.output_shape) == ((2,), (2,))


def test_a_form_outside_the_vocabulary_is_named(tmp_path):
    made = data(tmp_path, forms=("was", "having"))
    with pytest.raises(BakeoffError, match=r"data.forms: having not in .*corpus.keep"):
        made.prepare_data()


@pytest.mark.parametrize("forms", [["is"], ["is", "is"], []])
def test_forms_are_two_different_words_at_least(tmp_path, forms):
    with pytest.raises(BakeoffError, match="expected two different words"):
        data(tmp_path, forms=forms)


def test_a_split_without_any_form_is_named(tmp_path):
    made = data(tmp_path, val="old and old", test="is old")
    with pytest.raises(BakeoffError) as error:
        made.prepare_data()
    val, test = str(error.value).splitlines()
    assert val.startswith("the val text: it holds none of the words was, is with 1 words")
    assert test.startswith(
        "the test text: data.before is 1, data.after is 1: no document is as long"
    )


def test_a_form_that_never_trains_is_said_once(tmp_path, caplog):
    made = data(tmp_path, forms=("is", "old"), before=3, after=3)
    made.load("train")
    made.load("train")
    assert caplog.messages == ["no training example of is"]


def test_data_are_other_data_where_other_forms_are_told_apart(tmp_path):
    forms = (("was", "is"), ("is", "was"), ("was", "old"))
    assert len({data(tmp_path, forms=some).fingerprint for some in forms}) == 3
