"""Predictions of a whole split, in its order."""

from types import SimpleNamespace

import torch
from torch import nn

from bakeoff.data.batches import Tensors
from bakeoff.run.predictions import predictions


class Double(nn.Module):
    device = torch.device("cpu")

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def read(self, x: torch.Tensor, state: None) -> tuple[torch.Tensor, None]:
        self.sizes.append(len(x))
        return 2 * x, state


class RunningSum(Double):
    """Adds to each row what it has read in that row of the batches before."""

    def read(self, x, state):
        total = x if state is None else x + state
        return total, total


def test_batches_are_put_together_in_the_order_of_the_split():
    inputs, targets = torch.arange(7.0), torch.arange(7)
    data = SimpleNamespace(splits={"val": Tensors(inputs, targets)}, batch_size=3)
    module = Double()
    found = predictions(module, data, "val")
    for part, expected in zip(found, (inputs, 2 * inputs, targets), strict=True):
        assert torch.equal(part, expected)
    assert module.sizes == [3, 3, 1]


def test_a_state_goes_from_batch_to_batch_and_begins_anew_with_the_split():
    data = SimpleNamespace(splits={"val": Tensors(torch.arange(6.0), torch.zeros(6))}, batch_size=2)
    for _ in range(2):
        _, outputs, _ = predictions(RunningSum(), data, "val")
        assert outputs.tolist() == [0, 1, 0 + 2, 1 + 3, 0 + 2 + 4, 1 + 3 + 5]


def test_they_are_of_the_split_that_was_asked_for():
    splits = {
        name: Tensors(torch.full((2,), value), torch.full((2,), -value))
        for name, value in (("train", 1.0), ("val", 2.0), ("test", 3.0))
    }
    data = SimpleNamespace(splits=splits, batch_size=2)
    for name, value in (("train", 1), ("val", 2), ("test", 3)):
        inputs, outputs, targets = predictions(Double(), data, name)
        assert (inputs[0], outputs[0], targets[0]) == (value, 2 * value, -value)
