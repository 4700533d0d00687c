"""Kneser-Ney n-grams, by hand and against an implementation with dictionaries."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.text.kneser_ney import KneserNey


def windows(text: list[int], before: int) -> tuple[np.ndarray, np.ndarray]:
    places = range(before, len(text))
    contexts = np.array([text[at - before : at] for at in places]).reshape(-1, before)
    return contexts, np.array([text[at] for at in places])


def test_a_bigram_by_hand():
    # Pairs 0 1, 0 1, 0 2, 1 0: n_1 = 2, n_2 = 1, so D = 2 / (2 + 2 * 1) = .5.
    contexts, targets = np.array([[0], [0], [0], [1]]), np.array([1, 1, 2, 0])
    # Below, different words stand before 0, 1 and 2: one each, so D = 3 / 3 = 1, and all is uniform.
    model = KneserNey(order=2, classes=3).fit(contexts, targets)
    after_0, after_1 = model.predict_proba(np.array([[0], [1]]))
    assert after_0 == pytest.approx([1 / 9, 1.5 / 3 + 1 / 9, 0.5 / 3 + 1 / 9])
    assert after_1 == pytest.approx([0.5 + 0.5 / 3, 0.5 / 3, 0.5 / 3])


def test_a_unigram_by_hand():
    # Counts 3, 2, 1 and 0 of four classes: n_1 = n_2 = 1, so D = 1 / 3; 3 D / 6 of all is left to share.
    targets = np.array([0, 0, 0, 1, 1, 2])
    model = KneserNey(order=1, classes=4).fit(np.zeros((6, 0)), targets)
    share = 1 / 6 / 4
    expected = [(3 - 1 / 3) / 6 + share, (2 - 1 / 3) / 6 + share, (1 - 1 / 3) / 6 + share, share]
    assert model.predict_proba(np.zeros((1, 0)))[0] == pytest.approx(expected)
    assert model.predict(np.zeros((2, 0))).tolist() == [0, 0]


def reference(contexts, targets, order, classes, context):
    """The formula of the module, with a dictionary for each length of context."""
    depth = min(order - 1, contexts.shape[1])
    pairs = Counter(
        (tuple(c[len(c) - depth :]), int(w)) for c, w in zip(contexts, targets, strict=True)
    )
    levels = [pairs]
    for _ in range(depth):
        levels.insert(0, Counter((h[1:], w) for h, w in levels[0]))
    found = np.full(classes, 1 / classes)
    for k, counts in enumerate(levels):
        h = tuple(context[len(context) - k :])
        own = {w: count for (of, w), count in counts.items() if of == h}
        if own:
            ones, twos = (sum(c == r for c in counts.values()) for r in (1, 2))
            discount = ones / (ones + 2 * twos) if ones else 0.5
            total = sum(own.values())
            found = found * discount * len(own) / total
            for w, count in own.items():
                found[w] += max(count - discount, 0) / total
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=6, max_size=60),
    st.integers(1, 4),
    st.lists(st.integers(-1, 7), min_size=3, max_size=3),
)
def test_it_is_the_formula_and_sums_to_one(text, order, context):
    contexts, targets = windows(text, 3)
    model = KneserNey(order, classes=6).fit(contexts, targets)
    asked = np.array([context, *contexts[:3]])
    found = model.predict_proba(asked)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(asked)), abs=1e-5)
    assert (found > 0).all()
    for row, of in zip(found, asked, strict=True):
        expected = reference(contexts, targets, order, 6, of)
        assert row == pytest.approx(expected, abs=1e-5)


def test_a_context_that_ends_at_the_beginning_of_a_text_is_one_of_its_own():
    contexts = np.array([[-1, 0], [-1, 0], [-1, 0], [1, 0], [1, 0], [2, 0]])
    targets = np.array([3, 3, 3, 2, 2, 1])
    first, later = KneserNey(3, classes=4).fit(contexts, targets).predict_proba(contexts[[0, 3]])
    assert (first.argmax(), later.argmax()) == (3, 2)


def test_the_nearest_words_count_where_the_order_is_less_than_the_context():
    contexts, targets = np.array([[5, 1], [6, 1], [5, 2]]), np.array([0, 0, 1])
    model = KneserNey(2, classes=2).fit(contexts, targets)
    same, other = model.predict_proba(np.array([[9, 1], [5, 1]]))
    assert same.tolist() == other.tolist()
