"""Data sets that are read from a device."""

import pytest
import torch
from tests.devices.elsewhere import CPU, ELSEWHERE, Elsewhere
from torch.utils.data import Dataset

from bakeoff.data.batches import Tensors
from bakeoff.fused import device_data
from bakeoff.fused.device_data import DeviceData

BATCHES = [torch.tensor([3, 0]), torch.tensor([2])]
TENSORS = Tensors(torch.arange(8, dtype=torch.uint8).view(4, 2), torch.arange(4))


class Own(Dataset):
    """Of anyone, who may have made it so that it cannot be a key."""

    __hash__ = None

    def __getitem__(self, index):
        return index * 2, index


def there(dataset, free):
    with Elsewhere() as device, pytest.MonkeyPatch.context() as patch:
        patch.setattr(device_data, "free_memory", lambda _: free)
        data = DeviceData(ELSEWHERE)
        read = [list(data.read(dataset, BATCHES)) for _ in range(2)]
        devices = {part.device for times in read for rows in times for part in rows}
        copies = device.waits.count("to") - 2  # those of the indices
        return [tuple(part.cpu() for part in rows) for rows in read[1]], devices, copies


def test_rows_are_those_of_the_data_set_which_is_copied_once():
    found, devices, copies = there(TENSORS, free=10_000)
    assert devices == {ELSEWHERE}
    assert copies == 2
    for rows, indices in zip(found, BATCHES, strict=True):
        assert all(map(torch.equal, rows, TENSORS[indices]))


def test_what_takes_more_than_its_share_of_the_memory_stays():
    size = 8 + 4 * 8
    assert there(TENSORS, free=4 * size)[1] == {ELSEWHERE}
    found, devices, _ = there(TENSORS, free=4 * size - 1)
    assert devices == {CPU}
    assert torch.equal(found[0][0], TENSORS[BATCHES[0]][0])


def test_other_data_sets_and_the_processor_give_the_rows_themselves():
    assert there(Own(), free=10_000)[1] == {CPU}
    [first, _] = DeviceData(CPU).read(TENSORS, BATCHES)
    assert first[1].tolist() == [3, 0]
    assert device_data.free_memory(CPU) == 0
