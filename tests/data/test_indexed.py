"""Data sets that consist of tensors, on a device of their own."""

import pytest
import torch
from tests.devices.elsewhere import ELSEWHERE, Elsewhere

from bakeoff.data.batches import Tensors
from bakeoff.text.windows import Windows

IDS = torch.arange(10, dtype=torch.int32)
PLACES = torch.tensor([2, 5, 6, 4])
SETS = {
    "tensors": (Tensors(torch.arange(8, dtype=torch.uint8).view(4, 2), PLACES), 8 + 4 * 8),
    "windows": (Windows(IDS, PLACES, 2, 1), 10 * 4 + 4 * 8 + 3 * 8),
    "windows with labels": (Windows(IDS, PLACES, 2, 0, 7 * torch.arange(10)), 40 + 32 + 16 + 80),
}


@pytest.mark.parametrize("name", SETS)
def test_items_on_a_device_are_those_of_the_data_set(name):
    dataset, size = SETS[name]
    assert dataset.nbytes == size
    indices = torch.tensor([3, 0])
    expected = dataset[indices]
    with Elsewhere() as device:
        there = dataset.on(ELSEWHERE)
        assert len(there) == len(dataset) == 4
        device.waits.clear()
        rows = there[indices.to(ELSEWHERE)]
        assert device.waits == ["to"]
        assert {row.device for row in rows} == {ELSEWHERE}
        for row, own in zip(rows, expected, strict=True):
            assert torch.equal(row.cpu(), own) and row.dtype == own.dtype
    assert dataset[indices][0].device.type == "cpu"  # it stays where it is
