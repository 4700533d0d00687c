"""Documents in, ids and a vocabulary out."""

import numpy as np
import pytest

from bakeoff.errors import BakeoffError
from bakeoff.text.document import Document
from bakeoff.text.tokenized import Recipe, tokenize
from bakeoff.text.tokenizer import vocabulary


def documents(train: str = "“a b” a", val: str = "b", test: str = "c") -> dict[str, list[Document]]:
    texts = {"train": train, "val": val, "test": test}
    return {split: [Document.of_text(split, text)] for split, text in texts.items()}


@pytest.mark.parametrize(
    ("straighten", "words", "ids"),
    [
        (False, ["<unk>", "a", "b”", "“a", "i"], [3, 2, 1]),
        (True, ["<unk>", "a", "b", "i"], [1, 2, 1]),
    ],
)
def test_ids_and_words_by_hand(tmp_path, straighten, words, ids):
    tokenizer, summary = tokenize(tmp_path, documents(), Recipe(1, ("i",), straighten))
    assert vocabulary(tokenizer) == words
    assert np.fromfile(tmp_path / "train.ids", np.int32).tolist() == ids
    assert np.fromfile(tmp_path / "test.ids", np.int32).tolist() == [0]
    assert summary["distinct"] == len(words) - 2  # <unk> and i are not in the text
    assert summary["splits"]["test"] == {
        "tokens": 1,
        "unknown": 1,
        "documents": [{"name": "test", "tokens": 1, "remarks": []}],
    }


def test_a_split_without_words_is_named(tmp_path):
    with pytest.raises(BakeoffError, match="the val text holds no words"):
        tokenize(tmp_path, documents(val=" \n"), Recipe(1, (), False))
