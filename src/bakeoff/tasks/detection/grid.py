"""Boxes as a list and as a grid, and the way from each to the other.

A list is (..., M, 6): for up to M objects p_c, x, y, w, h, class, with the centre and size in [0, 1] of
the image, (0, 0) its top left corner; what is no object (p_c = 0) is all zeros. A grid is
(..., rows, columns, 6): an object stands in the cell that holds its centre, and x, y, w, h are in the
frame of that cell, (0, 0) to (1, 1) its corners; an empty cell is all zeros.

Of several objects with their centre in one cell, the grid holds the first of the list.
"""

import torch
from torch import Tensor


def to_grid(boxes: Tensor, rows: int, columns: int) -> Tensor:
    """A list (..., M, 6) as a grid (..., rows, columns, 6)."""
    cell, x, y = _cells(boxes, rows, columns)
    scale = boxes.new_tensor([columns, rows])
    local = torch.cat(
        [
            boxes[..., :1],
            boxes[..., 1:3] * scale - torch.stack([x, y], dim=-1),
            boxes[..., 3:5] * scale,
            boxes[..., 5:],
        ],
        dim=-1,
    )
    # What is not to be seen goes to a cell behind the last, which is cut off.
    hidden = (boxes[..., 0] == 0) | collisions(boxes, rows, columns)
    at = torch.where(hidden, rows * columns, cell)
    grid = boxes.new_zeros(*boxes.shape[:-2], rows * columns + 1, 6)
    grid = grid.scatter(-2, at.unsqueeze(-1).expand_as(local), local)
    return grid[..., :-1, :].unflatten(-2, (rows, columns))


def to_list(grid: Tensor) -> Tensor:
    """A grid (..., rows, columns, 6) as a list (..., rows * columns, 6), its objects first, row by row."""
    boxes = to_image(grid).flatten(-3, -2) * (grid[..., :1] > 0).flatten(-3, -2)
    order = (boxes[..., 0] == 0).to(torch.uint8).argsort(dim=-1, stable=True)
    return boxes.gather(-2, order.unsqueeze(-1).expand_as(boxes))


def to_image(cells: Tensor) -> Tensor:
    """A grid of vectors (..., rows, columns, 5 or more) with the box in [0, 1] of the image."""
    rows, columns = cells.shape[-3:-1]
    scale = cells.new_tensor([columns, rows])
    y, x = torch.meshgrid(
        torch.arange(rows, device=cells.device),
        torch.arange(columns, device=cells.device),
        indexing="ij",
    )
    centre = (cells[..., 1:3] + torch.stack([x, y], dim=-1)) / scale
    return torch.cat([cells[..., :1], centre, cells[..., 3:5] / scale, cells[..., 5:]], dim=-1)


def collisions(boxes: Tensor, rows: int, columns: int) -> Tensor:
    """Which objects (..., M) of a list have no place in the grid: an earlier one is in their cell."""
    cell, _, _ = _cells(boxes, rows, columns)
    present = boxes[..., 0] > 0
    same = cell.unsqueeze(-1) == cell.unsqueeze(-2)
    both = present.unsqueeze(-1) & present.unsqueeze(-2)
    return (same & both).tril(diagonal=-1).any(dim=-1)


def _cells(boxes: Tensor, rows: int, columns: int) -> tuple[Tensor, Tensor, Tensor]:
    """The number of each object's cell, row by row, and its column x and row y, (..., M)."""
    # A centre on the image's right or lower edge belongs to the last cell.
    x = (boxes[..., 1] * columns).long().clamp(0, columns - 1)
    y = (boxes[..., 2] * rows).long().clamp(0, rows - 1)
    return y * columns + x, x, y
