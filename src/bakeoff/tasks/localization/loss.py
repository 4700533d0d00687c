"""The localization loss: whether there is a digit, where it is, which one it is."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BoxLoss = Callable[[Tensor, Tensor], Tensor]


def localization_loss(
    output: Tensor, target: Tensor, box_loss: BoxLoss, label_smoothing: float = 0.0
) -> dict[str, Tensor]:
    """The three parts of the loss, each (...,), not yet weighted.

    `output` (..., 5 + C): logit of p_c, x, y, w, h, C class logits. `target` (..., 6): p_c, x, y, w, h, c.

    - confidence: binary cross-entropy with logits on p_c;
    - box: p_c * box_loss(predicted box, true box), on (x, y, w, h);
    - class: p_c * cross-entropy of the class.
    """
    present = target[..., 0]
    classes = output.shape[-1] - 5
    logits = output[..., 5:].reshape(-1, classes)
    labels = target[..., 5].long().reshape(-1)
    entropy = F.cross_entropy(logits, labels, reduction="none", label_smoothing=label_smoothing)
    return {
        "confidence": F.binary_cross_entropy_with_logits(output[..., 0], present, reduction="none"),
        "box": present * box_loss(output[..., 1:5], target[..., 1:5]),
        "class": present * entropy.reshape(present.shape),
    }


class LocalizationLoss(nn.Module):
    """Weighted sum of the parts of `localization_loss`, averaged over the images."""

    def __init__(
        self, box_loss: BoxLoss, weights: Mapping[str, float], label_smoothing: float
    ) -> None:
        super().__init__()
        self.box_loss = box_loss
        self.weights = dict(weights)
        self.label_smoothing = label_smoothing

    def forward(self, output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """Scalars: `loss`, which training minimizes, and its unweighted parts."""
        parts = localization_loss(output, target, self.box_loss, self.label_smoothing)
        parts = {name: part.mean() for name, part in parts.items()}
        total = torch.stack([self.weights[name] * part for name, part in parts.items()]).sum()
        return {"loss": total, **parts}
