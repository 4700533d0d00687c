"""The losses of classification, for nets with autograd and for those without."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bakeoff.nets.scratch import losses

Parts = dict[str, Tensor]


class CrossEntropy(nn.Module):
    """Cross-entropy of the softmax of logits (B, C) with labels (B,), averaged over the batch.

    With `label_smoothing` s the target is 1 - s for the label plus s / C for every class (Szegedy et
    al., CVPR, 2016).
    """

    def __init__(self, label_smoothing: float) -> None:
        super().__init__()
        self.label_smoothing = label_smoothing

    def forward(self, output: Tensor, target: Tensor) -> Parts:
        """The scalar `loss`."""
        return {"loss": F.cross_entropy(output, target, label_smoothing=self.label_smoothing)}

    def of_each(self, output: Tensor, target: Tensor) -> Parts:
        """The `loss` (K,) of each of K nets, for their logits (K, B, C) and labels (K, B)."""
        smoothing = self.label_smoothing
        of_all = F.cross_entropy(
            output.flatten(0, 1), target.flatten(), reduction="none", label_smoothing=smoothing
        )
        return {"loss": of_all.unflatten(0, target.shape).mean(dim=1)}

    def with_derivative(self, output: Tensor, target: Tensor) -> tuple[Parts, Tensor]:
        """The same without autograd, and its derivative by the logits, (B, C)."""
        loss, delta = losses.cross_entropy(output, target, self.label_smoothing)
        return {"loss": loss}, delta


class SquaredError(nn.Module):
    """Mean squared error of the output (B, C) against one-hot labels, over all B C numbers."""

    def forward(self, output: Tensor, target: Tensor) -> Parts:
        """The scalar `loss`."""
        return {"loss": F.mse_loss(output, one_hot(target, output))}

    def with_derivative(self, output: Tensor, target: Tensor) -> tuple[Parts, Tensor]:
        """The same without autograd, and its derivative by the output, (B, C)."""
        loss, delta = losses.mean_squared_error(output, one_hot(target, output))
        return {"loss": loss}, delta


def one_hot(labels: Tensor, like: Tensor) -> Tensor:
    """1 at each label's place, 0 elsewhere, of the shape and type of `like` (B, C)."""
    return torch.zeros_like(like).scatter_(1, labels.unsqueeze(1), 1)
