"""Samples of any DataLoader, by number and by content."""

import random

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from bakeoff.data.samples import (
    Picked,
    Samples,
    content_digest,
    fixed_draws,
    loader_mistake,
    spread,
)

X, Y = torch.arange(20.0).reshape(10, 2), torch.arange(10)


def test_samples_are_the_loaders_at_any_indices():
    part = Samples(DataLoader(TensorDataset(X, Y), 4, shuffle=True))
    assert len(part) == 10
    for index in (slice(2, 5), [7, 1], torch.tensor([9, 0, 3])):
        x, y = part[index]
        assert torch.equal(x, X[index]) and torch.equal(y, Y[index])
    x, y = part[3]
    assert x.tolist() == [6, 7] and int(y) == 3
    assert torch.equal(torch.cat(list(part.targets())), Y)


def test_parts_of_a_batch_are_picked_by_name_or_place():
    rows = [{"a": 1, "b": 2, "c": 3}] * 3
    loader = DataLoader(rows, 3)
    loader.collate_fn = Picked(loader.collate_fn, ("c", "a"))
    assert [part.tolist() for part in next(iter(loader))] == [[3, 3, 3], [1, 1, 1]]
    assert Samples(loader)[:2][0].tolist() == [3, 3]


def test_draws_are_fixed_and_leave_no_trace():
    def draw() -> tuple[float, ...]:
        return random.random(), float(np.random.rand()), float(torch.rand(()))  # noqa: NPY002

    before = draw()
    with fixed_draws(0):
        first = draw()
    after = draw()
    with fixed_draws(0):
        assert draw() == first
    with fixed_draws(1):
        assert draw() != first
    torch.manual_seed(5)
    known = torch.rand(2).tolist()
    torch.manual_seed(5)
    found = [float(torch.rand(()))]
    with fixed_draws(0):
        draw()
    assert [*found, float(torch.rand(()))] == known and before != after


def test_the_generators_of_a_gpu_are_left_alone(monkeypatch):
    touched = []
    for name in ("manual_seed", "manual_seed_all", "get_rng_state_all", "set_rng_state_all"):
        monkeypatch.setattr(torch.cuda, name, lambda *_, name=name: touched.append(name))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    with fixed_draws(0):
        torch.rand(1)
    assert touched == []


def test_content_tells_values_types_shapes_and_names_apart():
    picture = Image.new("RGB", (2, 2))
    items = [
        torch.zeros(2), torch.zeros(2, dtype=torch.float64), torch.zeros(1, 2), torch.ones(2),
        (torch.zeros(2), 1), (torch.zeros(2), 2), {"a": 1}, {"b": 1}, [1], [[1]], 1, "1", None, picture,
    ]  # fmt: skip
    digests = [content_digest([item]) for item in items]
    assert len(set(digests)) == len(items)
    assert digests == [content_digest([item]) for item in items]
    assert content_digest([{"a": 1, "b": 2}]) == content_digest([{"b": 2, "a": 1}])
    assert content_digest([np.zeros(2, np.float32)]) == content_digest([torch.zeros(2)])


def test_a_spread_reaches_both_ends():
    assert spread(5, 10) == [0, 1, 2, 3, 4]
    assert spread(100, 3) == [0, 49, 99]


class Stream(IterableDataset):
    def __iter__(self):
        yield from range(3)


class Empty(Dataset):
    def __len__(self):
        return 0


DATA = TensorDataset(X, Y)


@pytest.mark.parametrize(
    ("loader", "said"),
    [
        ([DataLoader(DATA), DataLoader(DATA)], "gives 2 loaders: expected one"),
        (DATA, "gives a TensorDataset: expected a DataLoader"),
        (DataLoader(Stream()), "reads an IterableDataset"),
        (DataLoader(DATA, batch_size=None), "has no batch_size"),
        (DataLoader(Empty()), "has no samples"),
        (DataLoader(DATA, 4, drop_last=True), "drops the last 2 of 10 samples"),
    ],
)
def test_what_cannot_be_told_is_named(loader, said):
    assert loader_mistake(loader, "val").startswith(said)


def test_what_can_be_told_passes():
    assert loader_mistake(DataLoader(DATA, 4), "val") is None
    assert loader_mistake(DataLoader(DATA, 5, drop_last=True), "val") is None
    assert loader_mistake(DataLoader(DATA, 4, shuffle=True, drop_last=True), "train") is None
