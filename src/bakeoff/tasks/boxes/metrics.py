"""How well objects are found, placed and named. An object is a vector as in `object_loss`."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor
from torchmetrics import Metric

from bakeoff.images.boxes import iou, xywh_to_xyxy


def object_hits(output: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Per possible object, what the metrics are averages of. Shapes as in the loss; each result (...,).

    `present`: it is there; `confident`: p_c is right (sigmoid above .5 where an object is); `right`:
    found, with the right class; `iou`: of the boxes, 0 without an object; `strict`: right, and IoU
    above .5.
    """
    present = target[..., 0] > 0.5
    found = output[..., 0] > 0  # sigmoid(p_c) > .5
    right = present & found & (output[..., 5:].argmax(dim=-1) == target[..., 5].long())
    overlap = iou(xywh_to_xyxy(output[..., 1:5]), xywh_to_xyxy(target[..., 1:5])) * present
    return {
        "present": present,
        "confident": found == present,
        "right": right,
        "iou": overlap,
        "strict": right & (overlap > 0.5),
    }


SUMS = ("present", "confident", "right", "iou", "strict", "total")


class ObjectMetrics(Metric):
    """accuracy, iou, performance = (accuracy + iou) / 2, strict_accuracy: over the objects;
    confidence_accuracy: over all places for one. NaN where there is nothing to average over.
    """

    full_state_update = False
    directions: ClassVar = dict.fromkeys(
        ("performance", "accuracy", "iou", "strict_accuracy", "confidence_accuracy"), "max"
    )
    present: Tensor
    confident: Tensor
    right: Tensor
    iou: Tensor
    strict: Tensor
    total: Tensor

    def __init__(self) -> None:
        super().__init__()
        for name in SUMS:
            # float64: a float32 sum stops counting at 2**24.
            self.add_state(name, torch.zeros((), dtype=torch.float64), dist_reduce_fx="sum")

    def update(self, output: Tensor, target: Tensor) -> None:
        """Add a batch; shapes as in the loss."""
        for name, values in object_hits(output, target).items():
            setattr(self, name, getattr(self, name) + values.sum())
        self.total = self.total + target[..., 0].numel()

    def compute(self) -> dict[str, Tensor]:
        """The averages over everything seen since the last reset."""
        return self.from_sums({name: getattr(self, name) for name in SUMS})

    @staticmethod
    def per_example(output: Tensor, target: Tensor) -> dict[str, Tensor]:
        """What the metrics are ratios of sums of, each (B,) over the places of an image; shapes as in the
        loss.
        """
        hits = {**object_hits(output, target), "total": torch.ones_like(target[..., 0])}
        return {name: values.reshape(len(target), -1).sum(dim=1) for name, values in hits.items()}

    @staticmethod
    def from_sums(sums: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The metrics (...) of sums (...) over examples."""
        accuracy, overlap = sums["right"] / sums["present"], sums["iou"] / sums["present"]
        return {
            "performance": (accuracy + overlap) / 2,
            "accuracy": accuracy,
            "iou": overlap,
            "strict_accuracy": sums["strict"] / sums["present"],
            "confidence_accuracy": sums["confident"] / sums["total"],
        }
