"""Rows of text that go on from batch to batch, by hand and against walking through the text."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.data.batches import loader
from bakeoff.text.corpus import Split
from bakeoff.text.streams import Streams

documents = st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=9), min_size=1, max_size=5)


def split(texts: list[list[int]]) -> Split:
    ids = [number for text in texts for number in text]
    borders = torch.tensor([0, *(len(text) for text in texts)]).cumsum(dim=0)
    return Split(torch.tensor(ids, dtype=torch.int32), borders)


def batches(streams: Streams) -> list[tuple[list, list]]:
    read = loader(streams, streams.rows)
    return [(ids.tolist(), targets.tolist()) for ids, targets in read]


def test_one_row_by_hand():
    first, second, third = batches(Streams(split([[1, 2, 3, 4], [5, 6]]), 1, 2, ()))
    assert first == ([[~1, 2]], [[2, 3]])  # the text begins
    assert second == ([[3, 4]], [[4, -100]])  # goes on; nothing follows the 4
    assert third == ([[~5, 6]], [[6, -100]])  # another document begins


def test_two_rows_by_hand():
    # Parts of two words: 1 2 | 3 4 | 5 6 | 7 8; the second row begins with the third of them.
    first, second = batches(Streams(split([[1, 2, 3, 4, 5, 6, 7, 8]]), 2, 2, ()))
    assert first == ([[~1, 2], [~5, 6]], [[2, 3], [6, 7]])
    assert second == ([[3, 4], [7, 8]], [[4, 5], [8, -100]])


def test_ignored_words_are_read_but_no_targets():
    ((ids, targets),) = batches(Streams(split([[1, 0, 2, 3]]), 1, 3, (0, 3)))
    assert ids == [[~1, 0, 2]]
    assert targets == [[-100, 2, -100]]


def test_types_are_those_of_windows():
    ids, targets = Streams(split([[1, 2, 3]]), 1, 2, ())[:]
    assert (ids.dtype, targets.dtype) == (torch.int32, torch.int64)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    documents.filter(lambda texts: any(len(t) > 1 for t in texts)),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_every_word_is_a_target_once_after_what_stands_before_it(texts, rows, length):
    """Each row is walked through; what it has read since its last new start is the history of a target."""
    history: dict[int, list[int]] = {}
    seen = []
    for ids, targets in batches(Streams(split(texts), rows, length, ())):
        for row, (words, following) in enumerate(zip(ids, targets, strict=True)):
            assert all(word >= 0 for word in words[1:])
            if words[0] < 0:
                words[0], history[row] = ~words[0], []
            for word, target in zip(words, following, strict=True):
                history[row].append(word)
                if target >= 0:
                    seen.append((tuple(history[row]), target))
    pairs = sorted((text[i], text[i + 1]) for text in texts for i in range(len(text) - 1))
    assert sorted((past[-1], target) for past, target in seen) == pairs
    # A history is a part of a document that ends right before the target.
    assert all(
        any(
            text[i - len(past) + 1 : i + 1] == list(past) and text[i + 1] == target
            for text in texts
            for i in range(len(past) - 1, len(text) - 1)
        )
        for past, target in seen
    )


@pytest.mark.parametrize("texts", [[[1, 2, 3], []], [[], [1, 2, 3]], [[1], [1, 2, 3]]])
def test_documents_without_two_words_give_nothing(texts):
    assert sum(t >= 0 for _, rows in batches(Streams(split(texts), 1, 2, ())) for t in rows[0]) == 2


@settings(max_examples=30, deadline=None)
@given(documents, st.integers(1, 3), st.integers(1, 4))
def test_target_places_are_in_the_order_of_the_text(texts, rows, length):
    if all(len(text) < 2 for text in texts):
        return
    streams = Streams(split(texts), rows, length, (0,))
    expected = [number for text in texts for number in text[1:] if number != 0]
    assert streams.ids[streams.target_places].tolist() == expected
    _, targets = streams[:]
    assert sorted(targets[targets >= 0].tolist()) == sorted(expected)


def test_where_the_part_of_each_item_begins():
    # Two documents of 5 and 3 words in parts of 2: they begin at 0, 2 and 5; two rows take 2 parts each.
    streams = Streams(split([[1, 2, 3, 4, 5], [6, 7, 8]]), 2, 2, ())
    assert streams.item_places.tolist() == [0, 5, 2, 5]
    ids, targets = streams[:]
    assert [abs(~first if first < 0 else first) for first in ids[:3, 0].tolist()] == [1, 6, 3]
    assert (targets[3] < 0).all()  # behind the last part
