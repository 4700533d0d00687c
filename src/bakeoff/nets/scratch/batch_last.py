"""The memory format of convolutions and pooling: the batch last.

A window of an image is then a window of rows of B numbers that lie side by side: cutting it out, and
adding to it, goes at the speed of memory. The shape of a batch of images stays (B, C, H, W), so layers
need not know what format they are given; only what they hand on is in this one.
"""

from torch import Tensor


def to_batch_last(images: Tensor) -> Tensor:
    """(B, C, H, W) in any memory format -> (C, H, W, B), contiguous; copied only where it was not."""
    return images.permute(1, 2, 3, 0).contiguous()


def from_batch_last(images: Tensor) -> Tensor:
    """(C, H, W, B) -> (B, C, H, W), a view."""
    return images.permute(3, 0, 1, 2)
