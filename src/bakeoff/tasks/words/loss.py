"""The loss of predicted words."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bakeoff.errors import BakeoffError
from bakeoff.text.streams import IGNORED

Parts = dict[str, Tensor]


class WordCrossEntropy(nn.Module):
    """Mean cross-entropy of the softmax of scores (..., words) with all targets (...) but -100.

    `balance` b gives a word that makes up the share s of the training targets the weight s^-b, scaled to a
    mean of 1 over the targets: 0 weights all targets equally, 1 gives all words the same total weight.
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
        """Set the weights from the number of training targets of each word, (words,)."""
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

    def of_each(self, output: Tensor, target: Tensor) -> Parts:
        """The `loss` (K,) of each of K nets, for their scores (K, ..., words) and targets (K, ...)."""
        own = target.flatten(1)
        of_all = F.cross_entropy(
            output.reshape(-1, output.shape[-1]),
            own.flatten(),
            weight=self.weight,
            ignore_index=IGNORED,
            label_smoothing=self.label_smoothing,
            reduction="none",
        )
        counted = own != IGNORED
        share = counted if self.weight is None else self.weight[own.where(counted, 0)] * counted
        return {"loss": of_all.view_as(own).sum(dim=1) / share.sum(dim=1)}
