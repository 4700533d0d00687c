"""Light augmentation of training batches: images moved by a few pixels, and mirrored."""

import torch
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.images.gather import gather


def move(images: Tensor, dx: Tensor, dy: Tensor, mirrored: Tensor) -> Tensor:
    """Mirror each of B images (B, C, H, W) where `mirrored` (B,) says so, then move it by `dx`, `dy`
    (B,) whole pixels to the right and down; what comes in at an edge repeats it.
    """
    height, width = images.shape[-2:]
    columns, rows = (torch.arange(n, device=images.device) for n in (width, height))
    column = (columns - dx[:, None]).clamp(0, width - 1)
    column = torch.where(mirrored[:, None], width - 1 - column, column)
    row = (rows - dy[:, None]).clamp(0, height - 1)
    return gather(images, row, column)


class Jitter:
    """`move` by random amounts, uniform in -pixels..pixels along each axis; mirrored with probability
    1/2 where `mirror` is set.
    """

    def __init__(self, pixels: int, mirror: bool) -> None:
        if pixels < 0:
            raise BakeoffError(f"augment.pixels is {pixels}: expected 0 or more")
        self.pixels = pixels
        self.mirror = mirror

    def __call__(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Another batch of the same shape and labels."""
        reach, device = self.pixels, images.device
        dx, dy = torch.randint(-reach, reach + 1, (2, len(images)), device=device)
        mirrored = torch.rand(len(images), device=device) < (0.5 if self.mirror else 0.0)
        return move(images, dx, dy, mirrored), labels
