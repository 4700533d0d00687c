"""Inputs as a net gets them."""

from torch import Tensor


def normalized(x: Tensor, mean: Tensor | None, std: Tensor | None) -> Tensor:
    """(x - mean) / std, for raw inputs such as uint8 images; x itself where there is no mean."""
    return x if mean is None else (x.to(mean.dtype) - mean) / std
