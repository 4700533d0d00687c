"""What a detector gets wrong on each image."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from bakeoff.images.boxes import iou, xywh_to_xyxy

RIGHT = 0.5  # IoU above which a detection of the right class counts as right


class Misses(NamedTuple):
    """Per image (B,): objects not found, detections that are no object, mean IoU of the objects.

    The IoU of an object is that with the best detection of its class, 0 without one; an image without
    objects has 1.
    """

    missed: Tensor
    false: Tensor
    iou: Tensor

    def worst_first(self) -> Tensor:
        """The images (B,) by the number of mistakes, then by the mean IoU."""
        mistakes = (self.missed + self.false).double()
        return (mistakes - self.iou).argsort(descending=True, stable=True)


def misses(boxes: Tensor, scores: Tensor, true: Tensor) -> Misses:
    """Compare detections `boxes` (B, N, 4) and `scores` (B, N, C), as `decode` gives them in an image
    of one by one, with the list of `true` boxes (B, M, 6), see `grid`.
    """
    present, labels = true[..., 0] > 0, true[..., 5].long()
    overlap = iou(boxes.unsqueeze(2), xywh_to_xyxy(true[..., 1:5]).unsqueeze(1))  # (B, N, M)
    detected = scores > 0
    of_class = detected.gather(2, labels.unsqueeze(1).expand(-1, scores.shape[1], -1))
    best = (overlap * of_class).amax(dim=1) * present  # (B, M)
    right = ((overlap > RIGHT) & present.unsqueeze(1)).float()  # (B, N, M)
    explained = right @ F.one_hot(labels, scores.shape[-1]).float() > 0  # (B, N, C)
    count = present.sum(dim=1)
    return Misses(
        missed=(present & (best <= RIGHT)).sum(dim=1),
        false=(detected & ~explained).sum(dim=(1, 2)),
        iou=torch.where(count > 0, best.sum(dim=1) / count.clamp(min=1), 1.0),
    )
