"""Which of many images a picture shows."""

import torch
from torch import Tensor


def drawn_and_worst(worst_first: Tensor, samples: int, seed: int) -> tuple[Tensor, Tensor]:
    """`samples` of N images drawn by `seed`, and as many of the worst: indices (samples,) each.

    `worst_first` (N,) are the indices of all images, the worst mistake first.
    """
    order = torch.randperm(len(worst_first), generator=torch.Generator().manual_seed(seed))
    return order[:samples], worst_first[:samples]
