"""Blocked words, worked by hand and by looking through lists."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import tensor

from bakeoff.text.blocking import block, left_padded, repeats
from bakeoff.text.decoding import Limits

CPU = torch.device("cpu")


def blocked(mask):
    return [row.nonzero().flatten().tolist() for row in mask]


def test_repeats_by_hand():
    # 1 2 came before 3 and before 0, and is the newest pair: neither may follow again.
    words = tensor([[1, 2, 3, 1, 2, 0, 1, 2]])
    assert blocked(repeats(words, 3, 5)) == [[0, 3]]
    assert blocked(repeats(words, 2, 5)) == [[0, 3]]
    assert blocked(repeats(words, 1, 5)) == [[0, 1, 2, 3]]
    assert blocked(repeats(words, 4, 5)) == [[]]  # 0 1 2 came once only
    assert blocked(repeats(words, 9, 5)) == [[]]


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=12), min_size=1, max_size=4),
    st.integers(1, 4),
)
def test_repeats_are_those_found_by_looking_whatever_stands_beside_them(texts, n):
    found = blocked(repeats(left_padded(texts, CPU), n, 3))
    for text, words in zip(texts, found, strict=True):
        grams = [text[i : i + n] for i in range(len(text) - n + 1)]
        newest = text[len(text) - n + 1 :]
        assert words == [word for word in range(3) if [*newest, word] in grams]


def test_forbidden_words_and_early_ends():
    log_probs = torch.zeros(2, 4)
    words = tensor([[3], [3]])
    limits = Limits(minimum=3, maximum=5, ends=(2,), forbidden=(0,))
    # The next word is the second: an end there would make 2 words, fewer than 3.
    assert blocked(block(log_probs, words, 1, limits).isinf()) == [[0, 2]] * 2
    assert blocked(block(log_probs, words, 2, limits).isinf()) == [[0]] * 2
    assert not log_probs.isinf().any()
