"""Contexts by index arithmetic against slicing documents, word by word."""

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.text.corpus import Split
from bakeoff.text.windows import Windows, capped, places, without

quick = settings(max_examples=40, deadline=None, derandomize=True)
documents = st.lists(st.lists(st.integers(0, 5), max_size=8), min_size=1, max_size=5)


def split(texts: list[list[int]]) -> Split:
    ids = [number for text in texts for number in text]
    borders = torch.tensor([0, *(len(text) for text in texts)]).cumsum(dim=0)
    return Split(torch.tensor(ids, dtype=torch.int32), borders)


def test_windows_by_hand():
    text = split([[1, 2, 3, 4], [5, 6, 7]])
    found = places(text, before=1, after=1)
    assert found.tolist() == [1, 2, 5]
    contexts, targets = Windows(text.ids, found, before=1, after=1)[:]
    assert contexts.tolist() == [[1, 3], [2, 4], [5, 7]]
    assert targets.tolist() == [2, 3, 6]
    assert (contexts.dtype, targets.dtype) == (torch.int32, torch.int64)


@quick
@given(documents, st.integers(0, 3), st.integers(0, 3))
def test_windows_are_slices_of_one_document(texts, before, after):
    expected = [
        (text[i - before : i] + text[i + 1 : i + 1 + after], text[i])
        for text in texts
        for i in range(before, len(text) - after)
    ]
    if not expected:
        with pytest.raises(BakeoffError, match=f"data.before is {before}, data.after is {after}"):
            places(split(texts), before, after)
        return
    windows = Windows(split(texts).ids, places(split(texts), before, after), before, after)
    contexts, targets = windows[:]
    assert list(zip(contexts.tolist(), targets.tolist(), strict=True)) == expected
    assert len(windows) == len(expected)
    for index in (torch.tensor([len(expected) - 1, 0]), slice(0, 1), 0):
        context, target = windows[index]
        assert torch.equal(context, contexts[index])
        assert torch.equal(target, targets[index])


def test_labels_stand_for_the_words():
    text = split([[3, 1, 2, 3]])
    labels = torch.tensor([-1, 7, 8, 9])
    windows = Windows(text.ids, torch.tensor([1, 2]), before=1, after=1, labels=labels)
    assert windows[:][1].tolist() == [7, 8]


def test_a_context_that_is_too_long_says_how_long_the_texts_are():
    with pytest.raises(
        BakeoffError, match=r"the longest has 3 words; shorten the context or add text"
    ):
        places(split([[1, 2, 3], [4]]), before=2, after=1)
    assert places(split([[1, 2, 3], [4]]), before=1, after=1).tolist() == [1]


@quick
@given(documents.filter(any), st.sets(st.integers(0, 5)))
def test_excluded_words_are_no_targets_but_stay_in_contexts(texts, excluded):
    text = split(texts)
    found = without(torch.arange(len(text.ids)), text.ids, excluded)
    assert found.tolist() == [i for i, word in enumerate(text.ids.tolist()) if word not in excluded]


@quick
@given(documents.filter(any), st.integers(1, 4), st.integers(0, 3))
def test_a_cap_keeps_so_many_of_each_word_in_the_order_of_the_text(texts, most, seed):
    text = split(texts)
    every = torch.arange(len(text.ids))
    found = capped(every, text.ids, most, seed)
    kept, there = (Counter(text.ids[rows].tolist()) for rows in (found, every))
    assert kept == {word: min(most, count) for word, count in there.items()}
    assert found.tolist() == sorted(set(found.tolist()))
    assert torch.equal(found, capped(every, text.ids, most, seed))


def test_a_cap_draws_by_its_seed_and_every_place_alike():
    ids = torch.zeros(20, dtype=torch.int32)
    drawn = [capped(torch.arange(20), ids, 5, seed).tolist() for seed in range(200)]
    assert drawn[0] != drawn[1]
    counts = torch.tensor(drawn).flatten().bincount(minlength=20)
    assert counts.sum() == 1000
    # Binomial with mean 50 and standard deviation below 6.2.
    assert counts.min() > 50 - 4 * 6.2
    assert counts.max() < 50 + 4 * 6.2


def bytes_of(windows: Windows) -> int:
    held = (value for value in vars(windows).values() if isinstance(value, Tensor))
    return sum(tensor.numel() * tensor.element_size() for tensor in held)


def test_what_is_held_does_not_grow_with_the_context():
    text = split([[1] * 10_000])
    short, long = (
        Windows(text.ids, places(text, context, context), context, context) for context in (1, 100)
    )
    assert bytes_of(long) <= bytes_of(short)
    assert long.ids.data_ptr() == short.ids.data_ptr() == text.ids.data_ptr()
