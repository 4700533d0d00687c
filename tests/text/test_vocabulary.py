"""The words of a vocabulary, by hand and against counting in plain Python."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.text.tokenizer import tokens, word_tokenizer
from bakeoff.text.typography import straightened
from bakeoff.text.vocabulary import WordCounts, choose_words


def counted(*texts: str) -> WordCounts:
    counts = WordCounts(word_tokenizer(()))
    for text in texts:
        counts.add(text)
    counts.settle()
    return counts


def test_words_with_digits_or_capitals_count_as_tokens_but_not_for_the_vocabulary():
    counts = counted("The cat. the 3rd cat's mat\n", "Cat cat McCat x2y")
    assert counts.all == Counter(
        {"the": 2, "cat": 4, ".": 1, "3rd": 1, "'": 1, "s": 1, "mat": 1, "mccat": 1, "x2y": 1}
    )
    assert counts.plain == Counter({"cat": 3, "the": 1, ".": 1, "'": 1, "s": 1, "mat": 1})


def test_a_part_of_a_piece_is_dropped_alone():
    assert counted("don't-X's (A) a-B-c").plain == Counter(
        {"don": 1, "'": 2, "t-": 1, "s": 1, "(": 1, ")": 1, "a-": 1, "-c": 1}
    )


def test_words_are_counted_by_the_rules_of_the_tokenizer():
    counts = WordCounts(straightened(word_tokenizer(())))
    counts.add("“what” what—The don’t")
    counts.settle()
    assert counts.plain == Counter({"what": 2, "don": 1, "'": 1, "t": 1})
    assert counts.all == counts.plain + Counter({"the": 1})


def test_a_long_word_is_counted_in_linear_time():
    word = "x" * 1_000_000
    assert counted(f"{word} {word}X").plain == Counter({word: 1})


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.text("abA1'.- \n\"", max_size=30), max_size=4), st.integers(1, 5))
def test_counts_equal_counting_in_plain_python(texts, most):
    texts = [f"{text} " for text in texts]
    before, WordCounts.MOST = WordCounts.MOST, most
    try:
        counts = counted(*texts)
    finally:
        WordCounts.MOST = before
    every = Counter(token for text in texts for token in tokens(text))
    plain = Counter(
        token for text in texts for token in tokens(re.sub(r"\w*[0-9A-Z]\w*", " ", text))
    )
    assert (counts.all, counts.plain) == (every, plain)


def test_words_are_in_the_order_of_their_frequency_then_of_the_alphabet():
    counts = counted("b a c a b d b a")  # a and b three times, c and d once
    assert choose_words(counts, 2, []) == ["a", "b"]
    assert choose_words(counts, 1, []) == ["a", "b", "c", "d"]


def test_kept_words_are_the_last_and_only_once():
    counts = counted("a a b")
    assert choose_words(counts, 2, ["z", "a", "z", "b"]) == ["a", "z", "b"]


def test_a_vocabulary_that_keeps_nothing_says_what_there_is():
    with pytest.raises(BakeoffError, match=r"min_count is 9: .*: a \(2\), b \(1\)\. Lower it"):
        choose_words(counted("a a b"), 9, ["i"])
    with pytest.raises(BakeoffError, match="there is none at all"):
        choose_words(counted("THE END 1"), 1, [])


def test_the_sign_of_unknown_words_is_no_word():
    assert choose_words(counted("<unk> <unk> a"), 1, []) == ["a"]
