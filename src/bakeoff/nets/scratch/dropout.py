"""Dropout (Srivastava et al., JMLR, 2014), scaled in training so that evaluation is the identity."""

import torch
from torch import Tensor

from bakeoff.errors import BakeoffError
from bakeoff.nets.scratch.layer import Layer


class Dropout(Layer):
    """a = m z, with m = 0 with probability `share` and 1 / (1 - share) otherwise; dL/dz = m dL/da."""

    def __init__(self, share: float) -> None:
        super().__init__()
        if not 0 <= share < 1:
            raise BakeoffError(f"dropout is {share}: expected a share in [0, 1)")
        self.share = share

    def forward(self, z: Tensor) -> Tensor:
        """Any shape -> the same shape."""
        if not self.training or not self.share:
            self.keep(None)
            return z
        # The draws and the rounding of nn.Dropout on a CPU: the same seed drops the same values.
        mask = torch.empty_like(z).bernoulli_(1 - self.share).div_(1 - self.share)
        self.keep(mask)
        return z * mask

    def backward(self, delta: Tensor) -> Tensor:
        return delta if self.kept is None else delta * self.kept
