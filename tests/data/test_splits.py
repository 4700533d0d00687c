"""Splits in memory: what is loaded when, and their statistics."""

from typing import ClassVar

import pytest
import torch

from bakeoff.data.batches import Tensors
from bakeoff.data.normalization import value_statistics
from bakeoff.data.splits import SplitData
from bakeoff.errors import BakeoffError


class Numbers(SplitData):
    """Says what it loads."""

    def __init__(self) -> None:
        super().__init__(batch_size=2)
        self.loaded: list[str] = []

    def load(self, split: str) -> Tensors:
        self.loaded.append(split)
        return Tensors(torch.arange(5.0), torch.arange(5))


def test_the_test_split_is_read_by_its_stage_alone():
    data = Numbers()
    data.setup("fit")
    data.setup("validate")
    assert data.loaded == ["train", "val"]
    data.setup("test")
    assert data.loaded == ["train", "val", "test"]
    assert [len(x) for x, _ in data.test_dataloader()] == [2, 2, 1]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 0}, "data.batch_size is 0: expected at least 1"),
        ({"batch_size": 2, "seed": -1}, "data.seed is -1: expected a whole number, 0 or more"),
    ],
)
def test_settings_out_of_range_are_named(settings, message):
    with pytest.raises(BakeoffError, match=message):
        SplitData(**settings)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float64])
def test_statistics_by_hand(dtype):
    images = torch.tensor([[0, 0, 255, 255], [0, 0, 0, 102]], dtype=dtype)
    mean, std = value_statistics(images)
    # (2 * 255 + 102) / 8 = 76.5; (2 * 178.5^2 + 25.5^2 + 5 * 76.5^2) / 8 = 11704.5.
    assert mean.item() == pytest.approx(76.5)
    assert std.item() == pytest.approx(11704.5**0.5)


class Told(SplitData):
    """Inputs that tell their split: from 0 on for training, 100 for validation, 200 for the test."""

    starts: ClassVar = {"train": 0, "val": 100, "test": 200}

    def __init__(self, **starts: int) -> None:
        super().__init__(batch_size=3)
        self.starts = self.starts | starts
        self.setup("fit")
        self.setup("test")

    def load(self, split: str) -> Tensors:
        values = self.starts[split] + torch.arange(10.0)
        return Tensors(values, values)


def seen(batches) -> list[float]:
    return torch.cat([inputs for inputs, _ in batches]).tolist()


def test_each_loader_gives_its_own_split_and_only_training_is_shuffled():
    data = Told()
    torch.manual_seed(0)
    one, other = seen(data.train_dataloader()), seen(data.train_dataloader())
    torch.manual_seed(0)
    assert seen(data.train_dataloader()) == one
    assert one != other
    assert sorted(one) == sorted(other) == list(range(10))
    assert seen(data.val_dataloader()) == list(range(100, 110))
    assert seen(data.test_dataloader()) == list(range(200, 210))
    data.shuffled = False
    assert seen(data.train_dataloader()) == list(range(10))


def test_statistics_are_those_of_the_training_inputs():
    mean, std = Told().statistics()
    assert float(mean) == 4.5
    assert float(std) == pytest.approx(8.25**0.5)


def test_the_fingerprint_of_the_test_is_that_of_the_test_data_alone():
    found = Told().test_fingerprint
    assert Told(train=1, val=101).test_fingerprint == found
    assert Told(test=201).test_fingerprint != found
