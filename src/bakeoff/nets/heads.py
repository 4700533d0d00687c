"""The last layers of a net for images: dense layers, or the same layers as convolutions for a grid."""

from collections.abc import Sequence

from torch import Tensor, nn

from bakeoff.errors import BakeoffError


def head(
    feature_shape: Sequence[int], output_shape: Sequence[int], widths: Sequence[int], dropout: float
) -> list[nn.Module]:
    """Layers from (B, channels, height, width) to (B, *output_shape), with hidden layers of the `widths`.

    An output shape of one dimension is a vector, one of three is a grid (rows, columns, numbers). ReLU and
    dropout follow each hidden layer. Raises BakeoffError for another output shape, or for a grid that is
    finer than the feature map.
    """
    if len(output_shape) == 1:
        return _vector_head(feature_shape, output_shape[0], widths, dropout)
    if len(output_shape) == 3:
        return _grid_head(feature_shape, output_shape, widths, dropout)
    raise BakeoffError(
        f"this net gives a vector (numbers,) or a grid (rows, columns, numbers), but this task expects "
        f"the shape {tuple(output_shape)}"
    )


class CellsLast(nn.Module):
    """(B, numbers, rows, columns) -> (B, rows, columns, numbers)."""

    def forward(self, x: Tensor) -> Tensor:
        """A view; it costs nothing if the convolutions keep their channels last."""
        return x.permute(0, 2, 3, 1)


def _vector_head(
    feature_shape: Sequence[int], numbers: int, widths: Sequence[int], dropout: float
) -> list[nn.Module]:
    channels, height, width = feature_shape
    inputs = channels * height * width
    layers: list[nn.Module] = [nn.Flatten()]
    for outputs in widths:
        layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout)]
        inputs = outputs
    return [*layers, nn.Linear(inputs, numbers)]


def _grid_head(
    feature_shape: Sequence[int], output_shape: Sequence[int], widths: Sequence[int], dropout: float
) -> list[nn.Module]:
    """Dense layers as convolutions: the first one sees a window around each cell, the rest have kernel 1.

    On each axis, the windows are `features // cells` apart and just large enough to leave no feature out,
    as in adaptive pooling. Half a cell is added on each side, because an object reaches beyond the cell
    that holds its centre.
    """
    inputs, *features = feature_shape
    *cells, numbers = output_shape
    if any(there < wanted for there, wanted in zip(features, cells, strict=True)):
        raise BakeoffError(
            f"a grid of {cells[0]}x{cells[1]} cells is finer than this net's feature map of "
            f"{features[0]}x{features[1]}: expected at most as many rows and columns (data.grid)"
        )
    stride = [there // wanted for there, wanted in zip(features, cells, strict=True)]
    padding = [step // 2 for step in stride]
    kernel = [
        there - (wanted - 1) * step + 2 * around
        for there, wanted, step, around in zip(features, cells, stride, padding, strict=True)
    ]
    layers: list[nn.Module] = []
    window = {"kernel_size": kernel, "stride": stride, "padding": padding}
    for outputs in widths:
        layers += [nn.Conv2d(inputs, outputs, **window), nn.ReLU(), nn.Dropout(dropout)]
        inputs, window = outputs, {"kernel_size": 1}
    return [*layers, nn.Conv2d(inputs, numbers, **window), CellsLast()]
