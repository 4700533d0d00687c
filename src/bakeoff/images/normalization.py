"""Statistics of training images by channel, by which the inputs of a net are normalized."""

import torch
from torch import Tensor


def channel_statistics(images: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (of the population) of uint8 images (N, C, H, W) by channel, as
    float32 (C, 1, 1).

    A channel with a single value carries no information, and a division by zero must not make it
    infinite: its standard deviation is given as one level.
    """
    levels = torch.arange(256, dtype=torch.float64)
    count = torch.stack([torch.bincount(x.flatten(), minlength=256) for x in images.unbind(1)])
    share = count.double() / count.sum(dim=1, keepdim=True)
    mean = share @ levels
    variance = (share * (levels - mean[:, None]).square()).sum(dim=1)
    std = variance.sqrt().clamp_min(1.0)
    return mean.float().reshape(-1, 1, 1), std.float().reshape(-1, 1, 1)
