"""Detection's vectorized parts against loops: the loss over cells, and lists of boxes as grids.

python benchmarks/detection.py [--images 30000] [--batch 128] [--repeat 5]
"""

import argparse
import timeit
from collections.abc import Callable

import torch
from torch import Tensor

from bakeoff.images.boxes import giou_loss
from bakeoff.tasks.boxes.loss import object_loss
from bakeoff.tasks.detection.grid import to_grid, to_list
from bakeoff.tasks.detection.loss import detection_loss

GRIDS = ((2, 3), (6, 8))
ROWS, COLUMNS = GRIDS[0]
CLASSES = 2


def lists(images: int) -> Tensor:
    """Random lists of boxes (N, 4, 6), 1.3 objects on average."""
    torch.manual_seed(0)
    boxes = torch.rand(images, 4, 6)
    boxes[..., 0] = (boxes[..., 0] < 1.3 / 4).float()
    boxes[..., 5] = (boxes[..., 5] * CLASSES).floor()
    return boxes * boxes[..., :1]


def vectorized(output: Tensor, target: Tensor) -> Tensor:
    """The loss as it trains: one expression for all images and cells, every part of weight 1."""
    parts = detection_loss(output, target, giou_loss, label_smoothing=0, focus=0)
    return torch.stack([part.mean() for part in parts.values()]).sum()


def over_cells(output: Tensor, target: Tensor) -> Tensor:
    """The same, one cell of the grid after the other, each for all images at once."""
    total = torch.zeros(())
    rows, columns = output.shape[1:3]
    for row in range(rows):
        for column in range(columns):
            cell = (slice(None), slice(row, row + 1), slice(column, column + 1))
            total = total + vectorized(output[cell], target[cell])
    return total


def over_images_and_cells(output: Tensor, target: Tensor) -> Tensor:
    """The same, one cell of one image after the other."""
    total = torch.zeros(())
    for cells, wanted in zip(output.flatten(1, 2), target.flatten(1, 2), strict=True):
        for cell, goal in zip(cells, wanted, strict=True):
            parts = object_loss(cell, goal, giou_loss, 0)
            total = total + torch.stack(list(parts.values())).sum()
    return total / len(output)


def grid_by_loop(boxes: Tensor) -> Tensor:
    """`to_grid`, one object after the other."""
    grid = torch.zeros(len(boxes), ROWS, COLUMNS, 6)
    for image, objects in enumerate(boxes.tolist()):
        for present, x, y, w, h, label in objects:
            row, column = int(y * ROWS), int(x * COLUMNS)
            if present and not grid[image, row, column, 0]:
                local = [1, x * COLUMNS - column, y * ROWS - row, w * COLUMNS, h * ROWS, label]
                grid[image, row, column] = torch.tensor(local)
    return grid


def seconds(function: Callable[[], object], repeat: int) -> float:
    """The best wall time of `repeat` calls, after one to warm up."""
    function()
    return min(timeit.repeat(function, number=1, repeat=repeat))


def step(loss: Callable[[Tensor, Tensor], Tensor], output: Tensor, target: Tensor) -> None:
    """Forward and backward, as in training."""
    loss(output.detach().requires_grad_(), target).backward()


def compare_losses(images: int, rows: int, columns: int, repeat: int) -> None:
    """Print the time of a training step's loss each way; the results are checked to be the same."""
    output, target = (
        torch.randn(images, rows, columns, 5 + CLASSES),
        to_grid(lists(images), rows, columns),
    )
    torch.testing.assert_close(vectorized(output, target), over_cells(output, target))
    fast = seconds(lambda: step(vectorized, output, target), 10 * repeat)
    print(f"loss, {images} images of {rows}x{columns} cells, forward and backward")
    print(f"  vectorized                 {fast * 1e3:9.2f} ms")
    for name, loss, times in (
        ("loop over cells", over_cells, 2 * repeat),
        ("loop over images and cells", over_images_and_cells, 1),
    ):
        slow = seconds(lambda loss=loss: step(loss, output, target), times)
        print(f"  {name:<26} {slow * 1e3:9.2f} ms  ratio {slow / fast:7.1f}")


def compare_grids(images: int, repeat: int) -> None:
    """Print the time of turning lists into grids each way; the results are checked to be the same."""
    boxes = lists(images)
    grid = to_grid(boxes, ROWS, COLUMNS)
    torch.testing.assert_close(grid, grid_by_loop(boxes))
    there = seconds(lambda: to_grid(boxes, ROWS, COLUMNS), repeat)
    back = seconds(lambda: to_list(grid), repeat)
    loop = seconds(lambda: grid_by_loop(boxes), 1)
    print(f"{images:,} lists of boxes as grids of {ROWS}x{COLUMNS}")
    print(f"  vectorized                 {there:9.3f} s   and back {back:.3f} s")
    print(f"  loop over objects          {loop:9.3f} s   ratio {loop / there:7.1f}")


def main(images: int, batch: int, repeat: int) -> None:
    """Print both sides of each comparison and their ratio."""
    torch.set_num_threads(1)
    for rows, columns in GRIDS:
        compare_losses(batch, rows, columns, repeat)
    compare_grids(images, repeat)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=30_000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    main(given.images, given.batch, given.repeat)
