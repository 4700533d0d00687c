"""LeNet5 and its variants (LeCun et al., Proceedings of the IEEE, 1998), with ReLU and max-pooling."""

from collections.abc import Sequence

from torch import Tensor, nn

from bakeoff.errors import BakeoffError

KERNEL = 5


class LeNet5(nn.Module):
    """Convolutions of kernel 5, each with ReLU and max-pool 2, then dense layers with ReLU.

    Input (B, *input_shape) with input_shape (channels, height, width); output (B, *output_shape) with
    output_shape (numbers,). `conv` are the channels of the convolutions, `dense` the widths of the
    hidden dense layers, `dropout` the share of hidden dense activations dropped in training.
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
        if len(output_shape) != 1:
            raise BakeoffError(
                f"LeNet5 gives a vector of numbers, but this task expects the shape {tuple(output_shape)}"
            )
        features: list[nn.Module] = []
        for out_channels in conv:
            if min(height, width) < KERNEL + 1:
                raise BakeoffError(
                    f"LeNet5 with {len(conv)} convolutions cannot take images of "
                    f"{input_shape[1]}x{input_shape[2]}: expected at least "
                    f"{_least_side(len(conv))} pixels on each side"
                )
            # ReLU after pooling is ReLU before it (both are monotone), on a quarter of the values.
            features += [nn.Conv2d(channels, out_channels, KERNEL), nn.MaxPool2d(2), nn.ReLU()]
            channels, height, width = out_channels, (height - 4) // 2, (width - 4) // 2
        widths = [channels * height * width, *dense]
        hidden: list[nn.Module] = []
        for inputs, outputs in zip(widths, dense, strict=False):
            hidden += [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout)]
        self.layers = nn.Sequential(
            *features, nn.Flatten(), *hidden, nn.Linear(widths[-1], output_shape[0])
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, height, width) -> (B, numbers)."""
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
