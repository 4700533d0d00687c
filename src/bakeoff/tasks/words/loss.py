"""The loss of predicted words."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.text.streams import IGNORED

Parts = dict[str, Tensor]


class WordCrossEntropy(nn.Module):
    """Cross-entropy of the softmax of scores (..., words) with targets (...), averaged; targets of -100
    do not count.

    `balance` b weights a word that makes up the share s of the training targets by s^-b, scaled to 1 on
    average over the targets: 0 leaves all alike, 1 gives every word the same say in total.
    """

    weight: Tensor | None

    def __init__(self, label_smoothing: float, balance: float) -> None:
        super().__init__()
        if not 0 <= label_smoothing < 1:
            raise BakeoffError(
                f"loss.label_smoothing is {label_smoothing}: expected a share in [0, 1)"
            )
        if balance < 0:
            raise BakeoffError(f"loss.balance is {balance}: expected 0 or more")
        self.label_smoothing = label_smoothing
        self.balance = balance
        self.register_buffer("weight", None, persistent=False)

    def weigh(self, counts: Tensor) -> None:
        """Learn how often each word is a training target, (words,)."""
        if self.balance:
            share = counts.double() / counts.sum()
            weight = torch.where(share > 0, share**-self.balance, 0)
            self.weight = (weight / (weight * share).sum()).float()

    def forward(self, output: Tensor, target: Tensor) -> Parts:
        """The scalar `loss`."""
        loss = F.cross_entropy(
            output.reshape(-1, output.shape[-1]),
            target.reshape(-1),
            weight=self.weight,
            ignore_index=IGNORED,
            label_smoothing=self.label_smoothing,
        )
        return {"loss": loss}
