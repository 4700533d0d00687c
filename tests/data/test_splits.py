"""Splits in memory: what is loaded when, and their statistics."""

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
