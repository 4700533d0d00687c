"""Images put together from the rows and columns of others."""

import torch
from torch import Tensor


def gather(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """`output[b, c, y, x] = images[b, c, rows[b, y], columns[b, x]]`.

    `images` (B, C, H, W); `rows` (B, h) and `columns` (B, w) int64; the output is (B, C, h, w). A shift,
    a reflection and any repeated edge are rows and columns in another order.
    """
    index = torch.arange(len(images), device=images.device)[:, None, None]
    return images.movedim(1, -1)[index, rows[:, :, None], columns[:, None, :]].movedim(-1, 1)
