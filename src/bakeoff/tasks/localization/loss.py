"""The localization loss: whether there is a digit, where it is, which one it is."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from bakeoff.tasks.boxes.loss import BoxLoss, checked_weights, object_loss


class LocalizationLoss(nn.Module):
    """Weighted sum of the parts of `object_loss`, averaged over the images."""

    def __init__(
        self, box_loss: BoxLoss, weights: Mapping[str, float], label_smoothing: float
    ) -> None:
        super().__init__()
        self.box_loss = box_loss
        self.weights = checked_weights(weights)
        self.label_smoothing = label_smoothing

    def forward(self, output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """Scalars: `loss`, which training minimizes, and its unweighted parts.

        `output` (B, 5 + C), `target` (B, 6).
        """
        parts = object_loss(output, target, self.box_loss, self.label_smoothing)
        parts = {name: part.mean() for name, part in parts.items()}
        total = torch.stack([self.weights[name] * part for name, part in parts.items()]).sum()
        return {"loss": total, **parts}
