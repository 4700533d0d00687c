"""How well a net detects: COCO's average precision, and by cell as localization is measured."""

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor
from torchmetrics import Metric
from torchmetrics.utilities import dim_zero_cat

from bakeoff.images.boxes import xywh_to_xyxy
from bakeoff.tasks.boxes.metrics import ObjectMetrics
from bakeoff.tasks.detection.average_precision import Boxes, average_precisions, precisions
from bakeoff.tasks.detection.decode import decode
from bakeoff.tasks.detection.grid import to_grid
from bakeoff.tasks.detection.resampled_precision import weighted_precisions


class CellMetrics(ObjectMetrics):
    """accuracy, iou, performance, strict_accuracy: over the cells that hold an object;
    confidence_accuracy: over all cells. An object that shares its cell with an earlier one is not seen.
    """

    def update(self, output: Tensor, boxes: Tensor) -> None:
        """Add a batch: `output` (B, rows, columns, 5 + C), `boxes` (B, M, 6), the list (see `grid`)."""
        super().update(output, to_grid(boxes, *output.shape[1:3]))

    @staticmethod
    def per_example(output: Tensor, boxes: Tensor) -> dict[str, Tensor]:
        """As of objects, over the cells of an image."""
        return ObjectMetrics.per_example(output, to_grid(boxes, *output.shape[1:3]))


class AveragePrecision(Metric):
    """map, map50, map75 of the detections of `decode`, against all true boxes.

    A low `threshold` keeps the whole curve of precision over recall. Boxes are in units of the image:
    an overlap is a ratio of areas, which no scale of an axis changes.
    """

    full_state_update = False
    directions: ClassVar = dict.fromkeys(("map", "map50", "map75"), "max")
    images: Tensor
    classes: Tensor
    detected: list[Tensor]
    detected_counts: list[Tensor]
    true: list[Tensor]
    true_counts: list[Tensor]

    def __init__(self, threshold: float, overlap: float) -> None:
        super().__init__()
        self.threshold = threshold
        self.overlap = overlap
        # Boxes with the number of them on each image: where processes are gathered, the images of one
        # follow those of another, boxes and counts alike, and no image needs a name.
        for name in ("detected", "detected_counts", "true", "true_counts"):
            self.add_state(name, [], dist_reduce_fx="cat")
        self.add_state("classes", torch.zeros((), dtype=torch.long), dist_reduce_fx="max")

    def update(self, output: Tensor, boxes: Tensor) -> None:
        """Add a batch: `output` (B, rows, columns, 5 + C), `boxes` (B, M, 6), the list (see `grid`)."""
        found, scores = decode(output, 1, 1, self.threshold, self.overlap)
        image, cell, label = scores.nonzero(as_tuple=True)
        score = scores[image, cell, label]
        # `nonzero` goes image by image, as the counts do.
        self.detected.append(_rows(found[image, cell], label, score))
        self.detected_counts.append((scores > 0).sum(dim=(1, 2)))
        present = boxes[..., 0] > 0
        true = boxes[present]
        self.true.append(_rows(xywh_to_xyxy(true[:, 1:5]), true[:, 5], true[:, 0]))
        self.true_counts.append(present.sum(dim=1))
        self.classes = torch.tensor(scores.shape[-1], device=self.device)

    def compute(self) -> dict[str, Tensor]:
        """The averages over everything seen since the last reset; NaN without a true box."""
        averages = average_precisions(self.precisions())
        return {name: torch.tensor(value, dtype=torch.float64) for name, value in averages.items()}

    def weighted(self, weights: Tensor) -> dict[str, Tensor]:
        """The averages (R,) where the images seen count as often as `weights` (R, images) say."""
        detected = _gathered(self.detected, self.detected_counts)
        true = _gathered(self.true, self.true_counts)
        found = weighted_precisions(detected, true, weights, int(self.classes))
        by_overlap = torch.nanmean(found, dim=-1)  # (R, overlaps)
        return {
            "map": by_overlap.mean(dim=-1),
            "map50": by_overlap[:, 0],
            "map75": by_overlap[:, 5],
        }

    def precisions(self) -> np.ndarray:
        """Precision by IoU, recall and class, as in `average_precision.precisions`."""
        detected = _gathered(self.detected, self.detected_counts)
        true = _gathered(self.true, self.true_counts)
        images = len(dim_zero_cat(self.true_counts))
        return precisions(detected, true, images, int(self.classes))


def _rows(xyxy: Tensor, label: Tensor, score: Tensor) -> Tensor:
    """(N, 6) float64: one tensor is gathered faster than three."""
    return torch.cat([xyxy, label.unsqueeze(1), score.unsqueeze(1)], dim=1).double()


def _gathered(rows: list[Tensor], counts: list[Tensor]) -> Boxes:
    values, per_image = dim_zero_cat(rows).cpu(), dim_zero_cat(counts).cpu()
    image = torch.repeat_interleave(torch.arange(len(per_image)), per_image)
    array = values.numpy()
    return Boxes(image.numpy(), array[:, 4].astype(int), array[:, :4], array[:, 5])
