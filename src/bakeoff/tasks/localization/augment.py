"""Light augmentation of training batches: canvases moved by a few pixels, the box with them."""

import torch
from torch import Tensor

from bakeoff.errors import BakeoffError


def shift(images: Tensor, targets: Tensor, dx: Tensor, dy: Tensor) -> tuple[Tensor, Tensor]:
    """Move each of B canvases (B, C, H, W) by `dx`, `dy` (B,) whole pixels, and its box (B, 6).

    What comes in at an edge mirrors what is inside. A shift that would push the box over an edge is
    cut to where it touches it. Shifts must be smaller than the canvas.
    """
    height, width = images.shape[-2:]
    centre, half = targets[:, 1:3], targets[:, 3:5] / 2
    size = torch.tensor([width, height], device=targets.device)
    low, high = ((centre - half) * size).round().long(), ((centre + half) * size).round().long()
    by = torch.stack([dx, dy], dim=1)
    by = torch.where(targets[:, :1] > 0, by.clamp(min=-low, max=size - high), by)
    column = _mirrored(torch.arange(width, device=images.device) - by[:, :1], width)
    row = _mirrored(torch.arange(height, device=images.device) - by[:, 1:], height)
    index = torch.arange(len(images), device=images.device)[:, None, None]
    moved = images.movedim(1, -1)[index, row[:, :, None], column[:, None, :]].movedim(-1, 1)
    targets = targets.clone()
    targets[:, 1:3] += targets[:, :1] * by / size
    return moved, targets


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
