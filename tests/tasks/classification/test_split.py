"""Stratified splits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.errors import BakeoffError
from bakeoff.tasks.classification.images import Collection, Images
from bakeoff.tasks.classification.split import folds, hold_out, split

examples = settings(max_examples=60, deadline=None)
labels = st.lists(st.integers(0, 3), min_size=2, max_size=60).map(np.array)


@examples
@given(labels=labels, share=st.floats(0.01, 0.99), seed=st.integers(0, 99))
def test_a_hold_out_has_its_size_and_of_each_class_its_share(labels, share, seed):
    held = hold_out(labels, share, seed)
    assert held.sum() == round(share * len(labels))
    for label in set(labels.tolist()):
        of_class = labels == label
        expected = of_class.sum() * held.sum() / len(labels)
        assert abs(held[of_class].sum() - expected) < 1 + 1e-9


@examples
@given(labels=labels, k=st.integers(2, 6), seed=st.integers(0, 99))
def test_folds_are_of_one_size_in_all_and_in_each_class(labels, k, seed):
    found = folds(labels, k, seed)
    assert found.shape == labels.shape
    for part in (labels >= 0, *(labels == label for label in set(labels.tolist()))):
        sizes = np.bincount(found[part], minlength=k)
        assert len(sizes) == k
        assert np.ptp(sizes) <= 1


def test_another_seed_holds_out_others_and_the_same_seed_the_same():
    labels = np.arange(100) % 2
    assert (hold_out(labels, 0.3, 0) == hold_out(labels, 0.3, 0)).all()
    assert (hold_out(labels, 0.3, 0) != hold_out(labels, 0.3, 1)).any()


def images(*counts: int, start: int = 0) -> Images:
    """`counts` images of each class; every image holds its own number."""
    labels = np.repeat(np.arange(len(counts)), counts)
    pixels = np.arange(start, start + len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return Images(pixels, labels)


SETTINGS = {"val": 0.25, "test": 0.2, "k": None, "fold": 0, "seed": 0}


def numbers(part: Images) -> set[int]:
    return set(part.pixels.ravel().tolist())


def test_all_three_are_cut_from_one_pool_where_there_is_no_other():
    parts = split(Collection(("a", "b"), images(20, 30)), **SETTINGS)
    assert {name: len(part) for name, part in parts.items()} == {"train": 30, "val": 10, "test": 10}
    assert set.union(*map(numbers, parts.values())) == set(range(50))


def test_the_makers_splits_are_kept():
    own = Collection(("a", "b"), images(4, 4), images(2, 2, start=8), images(3, 3, start=12))
    parts = split(own, **SETTINGS)
    assert [numbers(part) for part in parts.values()] == [
        set(range(8)),
        set(range(8, 12)),
        set(range(12, 18)),
    ]


def test_folds_validate_every_image_that_is_not_for_testing_once():
    own = Collection(("a", "b"), images(4, 4), images(2, 2, start=8), images(3, 3, start=12))
    parts = [split(own, **SETTINGS | {"k": 3, "fold": fold}) for fold in range(3)]
    seen = [number for part in parts for number in numbers(part["val"])]
    assert sorted(seen) == list(range(12))
    assert all(numbers(p["train"]) | numbers(p["val"]) == set(range(12)) for p in parts)
    assert all(numbers(p["test"]) == set(range(12, 18)) for p in parts)


def test_the_test_split_does_not_depend_on_the_fold():
    own = Collection(("a", "b"), images(20, 30))
    tests = [split(own, **SETTINGS | {"k": 4, "fold": fold})["test"] for fold in (0, 3)]
    assert numbers(tests[0]) == numbers(tests[1])


@pytest.mark.parametrize("k", [None, 4])
def test_every_split_follows_the_seed(k):
    own = Collection(("a", "b"), images(20, 30))
    one, again, other = (split(own, **SETTINGS | {"k": k, "seed": seed}) for seed in (0, 0, 1))
    for name in one:
        assert numbers(one[name]) == numbers(again[name])
        assert numbers(one[name]) != numbers(other[name])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"val": 0.0}, "data.val is 0.0: expected a share"),
        ({"test": 1.5}, "data.test is 1.5: expected a share"),
        ({"k": 1}, "data.folds is 1, data.fold is 0: expected at least 2 folds"),
        ({"k": 3, "fold": 3}, "data.folds is 3, data.fold is 3"),
        ({"fold": 3}, "data.fold is 3, but data.folds is null: expected the number of folds too"),
    ],
)
def test_values_out_of_range_are_named(change, message):
    with pytest.raises(BakeoffError, match=message):
        split(Collection(("a", "b"), images(20, 30)), **SETTINGS | change)


def test_a_class_too_small_for_three_splits_is_named():
    with pytest.raises(BakeoffError, match=r"no image of class rare in the (train|val|test) split"):
        split(Collection(("common", "rare"), images(50, 1)), **SETTINGS)
