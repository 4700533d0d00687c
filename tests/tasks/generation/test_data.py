"""The next words of texts: in parts with the state carried over, or after windows."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.tasks.generation.data import GenerationData
from bakeoff.text.corpus import Corpus
from bakeoff.text.document import Document


class Texts:
    """`x` occurs once in training: it is `<unk>`, as are all words that occur there never."""

    def documents(self) -> dict[str, list[Document]]:
        texts = {"train": "a b a x b a b a", "val": "a b x a b", "test": "b a a y"}
        return {split: [Document.of_text(split, text)] for split, text in texts.items()}


def data(root, length=2, carry=True, skip_unknown=True) -> GenerationData:
    corpus = Corpus(Texts(), str(root), 2, [], straighten=False)
    return GenerationData(corpus, length, carry, skip_unknown, batch_size=1)


def test_windows_ask_for_the_word_after_them_unless_it_is_unknown(tmp_path):
    made = data(tmp_path, carry=False)
    words = made.corpus.words
    contexts, targets = made.load("val")[torch.arange(2)]
    assert [[words[i] for i in context] for context in contexts] == [["b", "<unk>"], ["<unk>", "a"]]
    assert [words[i] for i in targets] == ["a", "b"]
    assert len(data(tmp_path, carry=False, skip_unknown=False).load("val")) == 3


def test_streams_ask_at_every_position(tmp_path):
    made = data(tmp_path)
    assert made.output_shape == (2, 3)
    _, targets = made.load("val")[torch.arange(2)]
    words = made.corpus.words
    asked = [[words[i] if i >= 0 else None for i in row] for row in targets]
    assert asked == [["b", None], ["a", "b"]]
    assert data(tmp_path, carry=False).output_shape == (3,)


def test_skipped_words_are_no_targets(tmp_path):
    made, words = data(tmp_path), data(tmp_path).corpus.words
    made.setup("fit")
    assert dict(zip(words, made.class_counts().tolist(), strict=True)) == {
        "<unk>": 0,
        "a": 4,
        "b": 3,
    }
    kept = data(tmp_path, skip_unknown=False)
    kept.setup("fit")
    assert kept.class_counts()[0] == 1


@pytest.mark.parametrize("carry", [True, False])
def test_all_texts_that_are_shorter_than_a_part_are_named_with_the_setting(tmp_path, carry):
    with pytest.raises(BakeoffError) as error:
        data(tmp_path, length=5, carry=carry).prepare_data()
    val, test = str(error.value).splitlines()
    assert val.startswith(
        "the val text: data.length is 5: no document is as long, the longest has 5"
    )
    assert test.startswith(
        "the test text: data.length is 5: no document is as long, the longest has 4"
    )


def test_a_part_has_a_word(tmp_path):
    with pytest.raises(BakeoffError, match=r"data.length is 0: expected 1 word or more"):
        data(tmp_path, length=0)


def test_data_are_other_data_where_other_words_are_asked_for(tmp_path):
    def fingerprint(**settings) -> str:
        return data(tmp_path, **settings).fingerprint

    carried = {fingerprint(length=1), fingerprint(length=2)}
    assert len(carried) == 1  # all words but the first of a document, in parts of any length
    found = carried | {
        fingerprint(carry=False, length=1),
        fingerprint(carry=False, length=2),
        fingerprint(skip_unknown=False),
    }
    assert len(found) == 4


def test_streams_are_read_in_their_order_and_windows_in_another_each_time(tmp_path):
    def first_words(carry: bool) -> list[list[int]]:
        made = data(tmp_path, length=1, carry=carry)
        made.setup("fit")
        torch.manual_seed(0)
        return [
            [int(ids.flatten()[0]) for ids, _ in made.train_dataloader()],
            [int(ids.flatten()[0]) for ids, _ in made.train_dataloader()],
            made.splits["train"][:][0].flatten().tolist(),
        ]

    one, again, written = first_words(carry=True)
    assert one == again == written
    one, again, written = first_words(carry=False)
    assert sorted(one) == sorted(again) == sorted(written)
    assert len({tuple(order) for order in (one, again, written)}) > 1
