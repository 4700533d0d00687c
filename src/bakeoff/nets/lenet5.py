"""LeNet5 and its variants (LeCun et al., Proceedings of the IEEE, 1998), with ReLU and max-pooling."""

from collections.abc import Sequence

from torch import Tensor, nn

from bakeoff.errors import BakeoffError
from bakeoff.nets.heads import head

KERNEL = 5


class LeNet5(nn.Module):
    """Convolutions of kernel 5, each with ReLU and max-pool 2, then dense layers with ReLU.

    Input (B, *input_shape) with input_shape (channels, height, width); output (B, *output_shape). For an
    output_shape (rows, columns, numbers), instead of (numbers,), the dense layers are convolutions (see
    `heads`) and the net is fully convolutional. `conv` gives the channels of the convolutions, `dense` the
    widths of the hidden dense layers, `dropout` the share of hidden dense activations dropped in training.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        output_shape: Sequence[int],
        conv: Sequence[int],
        dense: Sequence[int],
        dropout: float,
    ) -> None:
        super().__init__()
        channels, height, width = _image_shape(input_shape)
        features: list[nn.Module] = []
        for out_channels in conv:
            if min(height, width) < KERNEL + 1:
                raise BakeoffError(
                    f"LeNet5 with {len(conv)} convolutions cannot take images of "
                    f"{input_shape[1]}x{input_shape[2]}: expected at least "
                    f"{_least_side(len(conv))} pixels on each side"
                )
            # ReLU and max-pooling commute (both are monotone); ReLU is cheaper on the pooled quarter.
            features += [nn.Conv2d(channels, out_channels, KERNEL), nn.MaxPool2d(2), nn.ReLU()]
            channels, height, width = out_channels, (height - 4) // 2, (width - 4) // 2
        shape = (channels, height, width)
        self.layers = nn.Sequential(*features, *head(shape, output_shape, dense, dropout))

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, height, width) -> (B, *output_shape)."""
        return self.layers(x)


def _image_shape(input_shape: Sequence[int]) -> Sequence[int]:
    if len(input_shape) != 3:
        raise BakeoffError(
            f"LeNet5 takes images of (channels, height, width), but the data has the shape "
            f"{tuple(input_shape)}"
        )
    return input_shape


def _least_side(convolutions: int) -> int:
    side = 1
    for _ in range(convolutions):
        side = 2 * side + KERNEL - 1
    return side
