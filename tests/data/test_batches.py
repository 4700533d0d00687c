"""Batches by one index operation are the batches that anyone would expect."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from bakeoff.data.batches import Tensors, loader

quick = settings(max_examples=40, deadline=None)


def tensors(count: int) -> tuple[Tensor, Tensor]:
    return torch.arange(count * 6, dtype=torch.uint8).reshape(count, 2, 3), torch.arange(count)


def equal(ours: tuple[Tensor, ...], theirs: list[Tensor]) -> bool:
    return len(ours) == len(theirs) and all(
        a.dtype == b.dtype and torch.equal(a, b) for a, b in zip(ours, theirs, strict=True)
    )


@quick
@given(st.integers(1, 40), st.integers(1, 12), st.booleans(), st.integers(0, 5))
def test_batches_are_those_of_torchs_own_dataset_and_collation(count, batch_size, shuffle, seed):
    torch.manual_seed(seed)
    theirs = list(DataLoader(TensorDataset(*tensors(count)), batch_size, shuffle))
    after = torch.rand(())
    torch.manual_seed(seed)
    ours = list(loader(Tensors(*tensors(count)), batch_size, shuffle))
    drawn = torch.rand(())
    assert len(ours) == len(theirs)
    assert all(equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert drawn == after  # what follows is drawn from the same state


@quick
@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_a_batch_is_plain_indexing(indices):
    data = Tensors(*tensors(10))
    rows = [torch.stack(part) for part in zip(*(data[i] for i in indices), strict=True)]
    assert equal(data[torch.tensor(indices)], rows)
    assert equal(rows, [tensor[indices] for tensor in tensors(10)])


def test_an_item_is_a_row_of_each_and_a_slice_the_rows():
    data = Tensors(*tensors(4))
    assert len(data) == 4
    assert equal(data[2], [tensor[2] for tensor in tensors(4)])
    assert equal(data[1:3], [tensor[1:3] for tensor in tensors(4)])


def order(seed: int, shuffle: bool) -> list[list[int]]:
    torch.manual_seed(seed)
    batches = loader(Tensors(torch.arange(20)), 8, shuffle)
    return [[row for [batch] in batches for row in batch.tolist()] for _ in range(2)]


def test_the_order_follows_torchs_seed_and_changes_with_every_epoch():
    first, second = order(0, shuffle=True)
    assert sorted(first) == sorted(second) == list(range(20))
    assert first != second
    assert order(0, shuffle=True) == [first, second]
    assert order(1, shuffle=True)[0] != first


@pytest.mark.parametrize("seed", [0, 1])
def test_without_shuffling_the_order_is_that_of_the_rows(seed):
    assert order(seed, shuffle=False) == [list(range(20))] * 2
