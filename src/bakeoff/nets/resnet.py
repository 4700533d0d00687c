"""A small residual net (He et al., CVPR 2016) that keeps positions: no pooling over the whole image."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.heads import head


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(x))), each 3x3 convolution with batch normalization, then ReLU. (B, C, H, W)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            *_convolution(channels, channels, kernel=3),
            nn.ReLU(inplace=True),
            *_convolution(channels, channels, kernel=3),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu_(x + self.branch(x))


class ResNet(nn.Module):
    """A 5x5 convolution with max-pool 2, then for each further width: half the size, one residual block.

    Input (B, *input_shape) with input_shape (channels, height, width); output (B, *output_shape): a
    vector (numbers,) or a grid (rows, columns, numbers), see `heads`. The last features are flattened
    instead of averaged, because averaging would lose the position of an object. `dense` is the width of the
    hidden dense layer, `dropout` the share of its activations dropped in training.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        widths: Sequence[int],
        dense: int,
        dropout: float,
    ) -> None:
        super().__init__()
        if len(input_shape) != 3:
            raise BakeoffError(
                f"ResNet takes images of (channels, height, width), but the data has the shape "
                f"{tuple(input_shape)}"
            )
        channels, height, width = input_shape
        if min(height, width) < 2 ** len(widths):
            raise BakeoffError(
                f"ResNet with {len(widths)} widths cannot take images of {height}x{width}: expected "
                f"at least {2 ** len(widths)} pixels on each side"
            )
        layers: list[nn.Module] = [
            nn.Conv2d(channels, widths[0], 5, padding=2, bias=False),
            nn.MaxPool2d(2),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(inplace=True),
        ]
        height, width = height // 2, width // 2
        for before, after in pairwise(widths):
            layers += [*_convolution(before, after, kernel=3, stride=2), nn.ReLU(inplace=True)]
            layers.append(ResidualBlock(after))
            height, width = -(-height // 2), -(-width // 2)
        shape = (widths[-1], height, width)
        self.layers = nn.Sequential(*layers, *head(shape, output_shape, [dense], dropout))

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, height, width) -> (B, *output_shape)."""
        return self.layers(x)


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    padding = kernel // 2
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
    ]
