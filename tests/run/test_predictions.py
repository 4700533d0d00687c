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

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.sizes.append(len(x))
        return 2 * x


def test_batches_are_put_together_in_the_order_of_the_split():
    inputs, targets = torch.arange(7.0), torch.arange(7)
    data = SimpleNamespace(splits={"val": Tensors(inputs, targets)}, batch_size=3)
    module = Double()
    found = predictions(module, data, "val")
    for part, expected in zip(found, (inputs, 2 * inputs, targets), strict=True):
        assert torch.equal(part, expected)
    assert module.sizes == [3, 3, 1]
