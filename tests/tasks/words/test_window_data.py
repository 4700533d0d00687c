"""What a data module of single words declares, and what it refuses."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.tasks.words.window_data import WindowData
from bakeoff.text.corpus import Corpus
from bakeoff.text.document import Document
from bakeoff.text.windows import Windows, places


class Texts:
    """Three short texts, with `added` to the first text of a split."""

    def __init__(self, split: str = "", added: str = "") -> None:
        self.split, self.added = split, added

    def documents(self) -> dict[str, list[Document]]:
        texts = {"train": ["a b c d e", "a b"], "val": ["c d e"], "test": ["e d c b"]}
        if self.split:
            texts[self.split][0] += self.added
        return {
            split: [Document.of_text(split, text) for text in some] for split, some in texts.items()
        }


class EveryWord(WindowData):
    def load(self, split: str) -> Windows:
        text = self.corpus.split(split)
        return Windows(text.ids, places(text, self.before, self.after), self.before, self.after)


def data(root, before=1, after=1, texts=None) -> WindowData:
    return EveryWord(
        Corpus(texts or Texts(), str(root), 1, [], straighten=False), before, after, batch_size=2
    )


def test_a_net_is_told_the_shapes_and_how_many_words_there_are(tmp_path, monkeypatch):
    made = data(tmp_path, before=2)
    monkeypatch.setattr(WindowData, "output_shape", (7,), raising=False)
    assert made.built_for == {
        "input_shape": (3,),
        "output_shape": (7,),
        "vocabulary_size": 6,  # five letters and <unk>
    }
    assert made.net_arguments({}) == made.built_for
    assert made.net_arguments({"embedding": None, "frozen": False}) == made.built_for


def test_frozen_noise_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(WindowData, "output_shape", (7,), raising=False)
    with pytest.raises(BakeoffError, match=r"model.frozen is true without model.embedding"):
        data(tmp_path).net_arguments({"embedding": None, "frozen": True})


def test_ids_are_not_normalized_and_mean_something_with_the_tokenizer_only(tmp_path):
    made = data(tmp_path)
    assert made.statistics() is None
    assert [path.name for path in made.artifacts.values()] == ["tokenizer.json"]
    assert made.artifacts["tokenizer.json"].is_file()


def test_data_are_other_data_where_other_words_are_evaluated(tmp_path):
    fingerprints = {
        made.fingerprint
        for made in (data(tmp_path), data(tmp_path, before=2), data(tmp_path, after=0))
    }
    assert len(fingerprints) == 3
    assert data(tmp_path).fingerprint == data(tmp_path).fingerprint


def test_the_test_texts_are_the_same_whatever_is_cut_from_them(tmp_path):
    assert data(tmp_path).test_fingerprint == data(tmp_path, before=2).test_fingerprint


@pytest.mark.parametrize(("before", "after"), [(0, 0), (-1, 3), (3, -1)])
def test_a_context_has_a_word_at_least(tmp_path, before, after):
    with pytest.raises(BakeoffError, match=f"data.before is {before}, data.after is {after}"):
        data(tmp_path, before, after)


def test_every_split_that_a_context_is_too_long_for_is_named_before_training(tmp_path):
    data(tmp_path, before=1, after=1).prepare_data()
    with pytest.raises(BakeoffError) as error:
        data(tmp_path, before=2, after=2).prepare_data()
    val, test = str(error.value).splitlines()
    assert val.startswith("the val text: data.before is 2, data.after is 2: no document")
    assert "the longest has 3 words" in val
    assert test.startswith("the test text: ")
    assert "the longest has 4 words" in test


def test_a_mistake_of_the_corpus_is_named_once(tmp_path):
    with pytest.raises(BakeoffError) as error:
        EveryWord(
            Corpus(Texts(), str(tmp_path), 99, [], straighten=False), 1, 1, batch_size=2
        ).prepare_data()
    assert str(error.value).startswith("data.corpus.min_count is 99: no word occurs as often")
    assert len(str(error.value).splitlines()) == 1


@pytest.fixture
def built(monkeypatch) -> list[str]:
    """The splits whose windows were built, in order."""
    load, splits = EveryWord.load, []

    def noted(self, split):
        splits.append(split)
        return load(self, split)

    monkeypatch.setattr(EveryWord, "load", noted)
    return splits


def test_the_windows_of_a_split_are_built_once(tmp_path, built):
    made = data(tmp_path)
    made.prepare_data()
    made.setup("fit")
    made.prepare_data()  # Lightning's trainer calls both again
    made.setup("fit")
    assert sorted(made.splits) == ["train", "val"]  # the test split is for its stage alone
    made.prepare_data()
    made.setup("test")
    assert "test" in made.splits
    assert built == ["train", "val", "test"]


def test_a_split_that_is_set_up_is_not_built_again(tmp_path, built):
    made = data(tmp_path)
    made.setup("fit")
    made.prepare_data()
    assert built == ["train", "val"]


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_texts_of_every_split_make_data_what_they_are(tmp_path, split):
    same, other = data(tmp_path), data(tmp_path, texts=Texts(split, " e"))
    assert (other.fingerprint == same.fingerprint) is False
    assert (other.test_fingerprint == same.test_fingerprint) is (split != "test")
