"""Statistics of training data, by which the inputs of a net are normalized."""

import torch
from torch import Tensor


def value_statistics(values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (of the population) over all values, as float32 scalars.

    The function counts uint8 values by level: that is exact, and needs no copy in floating point. Values
    that are all the same carry no information, and a division by zero must not make them infinite: their
    standard deviation is given as 1.
    """
    if values.dtype != torch.uint8:
        return values.mean(), _not_zero(values.std(correction=0))
    count = torch.bincount(values.flatten(), minlength=256).double()
    levels = torch.arange(256, dtype=torch.float64)
    mean = (count * levels).sum() / count.sum()
    variance = (count * (levels - mean).square()).sum() / count.sum()
    return mean.float(), _not_zero(variance.sqrt().float())


def _not_zero(std: Tensor) -> Tensor:
    return torch.where(std > 0, std, 1.0)
