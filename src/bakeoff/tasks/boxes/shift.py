"""Light augmentation of training batches: canvases moved by a few pixels, their boxes with them."""

import torch
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.images.gather import gather


def shift(images: Tensor, targets: Tensor, dx: Tensor, dy: Tensor) -> tuple[Tensor, Tensor]:
    """Move each of B canvases (B, C, H, W) by `dx`, `dy` (B,) whole pixels, and its boxes: one (B, 6) or
    a list (B, M, 6) of p_c, x, y, w, h, class in [0, 1] of the canvas, of which p_c = 0 is no box.

    What comes in at an edge mirrors what is inside. A shift that would push a box over an edge is cut to
    where it touches it. Shifts must be smaller than the canvas.
    """
    height, width = images.shape[-2:]
    boxes = targets.reshape(len(targets), -1, 6)
    there = boxes[..., :1] > 0
    centre, half = boxes[..., 1:3], boxes[..., 3:5] / 2
    size = torch.tensor([width, height], device=targets.device)
    low, high = ((centre - half) * size).round(), ((centre + half) * size).round()
    # The room that the boxes of a canvas leave; a canvas without any moves as it is told.
    left = low.masked_fill(~there, torch.inf).amin(dim=1)
    right = (size - high).masked_fill(~there, torch.inf).amin(dim=1)
    by = torch.stack([dx, dy], dim=1)
    by = by.to(left.dtype).clamp(min=-left, max=right).long()
    column = _mirrored(torch.arange(width, device=images.device) - by[:, :1], width)
    row = _mirrored(torch.arange(height, device=images.device) - by[:, 1:], height)
    moved = gather(images, row, column)
    boxes = boxes.clone()
    boxes[..., 1:3] += boxes[..., :1] * (by / size)[:, None]
    return moved, boxes.reshape(targets.shape)


class Shift:
    """`shift` by random amounts, uniform in -pixels..pixels along each axis."""

    def __init__(self, pixels: int) -> None:
        if pixels < 0:
            raise BakeoffError(f"augment.pixels is {pixels}: expected 0 or more")
        self.pixels = pixels

    def __call__(self, images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """A shifted batch; shapes as in `shift`."""
        reach, count = self.pixels, (2, len(images))
        dx, dy = torch.randint(-reach, reach + 1, count, device=images.device)
        return shift(images, targets, dx, dy)


def _mirrored(position: Tensor, length: int) -> Tensor:
    return (length - 1) - (length - 1 - position.abs()).abs()
