"""The loss of one possible object: whether it is there, where it is, which one it is.

An object is a vector: in a target (..., 6) p_c, x, y, w, h, class; in an output (..., 5 + C) the logit
of p_c, x, y, w, h and C class logits. The leading dimensions are images, or images and cells.
"""

from collections.abc import Callable, Mapping

from torch import Tensor
from torch.nn import functional as F

from bakeoff.errors import BakeoffError

BoxLoss = Callable[[Tensor, Tensor], Tensor]


def checked_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights of the parts of a loss. Raises BakeoffError where one is negative or no number."""
    if wrong := {name: weight for name, weight in weights.items() if not weight >= 0}:
        said = ", ".join(f"{name} {weight}" for name, weight in wrong.items())
        raise BakeoffError(f"loss.weights: {said}: expected 0 or more")
    return dict(weights)


def object_loss(
    output: Tensor, target: Tensor, box_loss: BoxLoss, label_smoothing: float, focus: float = 0
) -> dict[str, Tensor]:
    """The three parts of the loss, each (...,), not yet weighted.

    - confidence: binary cross-entropy with logits on p_c, where `focus` is above 0 times
      (1 - probability of the truth) ** focus, so that easy objects count less: the focal loss (Lin et
      al., ICCV 2017), its balance left to the weights of the parts;
    - box: p_c * box_loss(predicted box, true box), on (x, y, w, h);
    - class: p_c * cross-entropy of the class.
    """
    present = target[..., 0]
    classes = output.shape[-1] - 5
    logits = output[..., 5:].reshape(-1, classes)
    labels = target[..., 5].long().reshape(-1)
    entropy = F.cross_entropy(logits, labels, reduction="none", label_smoothing=label_smoothing)
    confidence = F.binary_cross_entropy_with_logits(output[..., 0], present, reduction="none")
    if focus > 0:
        # The cross-entropy is -log(probability of the truth). Clamped: 0 ** focus has no gradient.
        wrong = -(-confidence).expm1()
        confidence = wrong.clamp(min=1e-7) ** focus * confidence
    return {
        "confidence": confidence,
        "box": present * box_loss(output[..., 1:5], target[..., 1:5]),
        "class": present * entropy.reshape(present.shape),
    }
