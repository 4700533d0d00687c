"""Max-pooling over windows that do not overlap."""

from collections.abc import Iterator

import torch
from torch import Tensor

from bakeoff.nets.scratch.batch_last import from_batch_last, to_batch_last
from bakeoff.nets.scratch.layer import Layer


class MaxPool(Layer):
    """The largest value of every window of `size` x `size`; what no whole window covers is left out.

    The derivative goes to where the largest value came from: to the first of several, as PyTorch's.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, H // size, W // size)."""
        x = to_batch_last(x)
        places = self._places(x)
        largest = next(places).clone()
        for values in places:
            torch.maximum(largest, values, out=largest)
        self.keep((x, largest))
        return from_batch_last(largest)

    def backward(self, delta: Tensor) -> Tensor:
        x, largest = self.kept
        d_x = torch.zeros_like(x)
        left = to_batch_last(delta).clone()  # what no place has taken yet
        for values, d_values in zip(self._places(x), self._places(d_x), strict=True):
            taken = left * (values == largest)
            d_values.copy_(taken)
            left -= taken
        return from_batch_last(d_x)

    def _places(self, x: Tensor) -> Iterator[Tensor]:
        """For every place within a window, the values there of all windows: a view (C, h, w, B)."""
        size = self.size
        height, width = (length // size * size for length in x.shape[1:3])
        for row in range(size):
            for column in range(size):
                yield x[:, row:height:size, column:width:size]
