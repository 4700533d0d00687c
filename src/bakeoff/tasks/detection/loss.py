"""The detection loss: the loss of an object, summed over the cells of a grid."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from bakeoff.tasks.boxes.loss import BoxLoss, checked_weights, object_loss
from bakeoff.tasks.detection.grid import to_grid


class DetectionLoss(nn.Module):
    """Weighted sum of the parts of `detection_loss`, averaged over the images."""

    def __init__(
        self,
        box_loss: BoxLoss,
        weights: Mapping[str, float],
        label_smoothing: float,
        focus: float,
    ) -> None:
        super().__init__()
        self.box_loss = box_loss
        self.weights = checked_weights(weights)
        self.label_smoothing = label_smoothing
        self.focus = focus

    def forward(self, output: Tensor, boxes: Tensor) -> dict[str, Tensor]:
        """Scalars: `loss`, which training minimizes, and its unweighted parts.

        `output` (B, rows, columns, 5 + C); `boxes` (B, M, 6), the list of boxes (see `grid`).
        """
        target = to_grid(boxes, *output.shape[-3:-1])
        parts = detection_loss(output, target, self.box_loss, self.label_smoothing, self.focus)
        parts = {name: part.mean() for name, part in parts.items()}
        total = torch.stack([self.weights[name] * part for name, part in parts.items()]).sum()
        return {"loss": total, **parts}


def detection_loss(
    output: Tensor, target: Tensor, box_loss: BoxLoss, label_smoothing: float, focus: float
) -> dict[str, Tensor]:
    """The four parts of the loss, each (...,), summed over the cells, not yet weighted.

    `output` (..., rows, columns, 5 + C) and `target` (..., rows, columns, 6) with boxes in the frame of
    their cells. The confidence part of `object_loss` is split: `object` is that of the cells that hold
    an object, `no_object` that of the empty ones, which are many and mostly easy.
    """
    parts = object_loss(output, target, box_loss, label_smoothing, focus)
    confidence, present = parts.pop("confidence"), target[..., 0]
    parts = {"object": present * confidence, "no_object": (1 - present) * confidence, **parts}
    return {name: part.sum(dim=(-2, -1)) for name, part in parts.items()}
