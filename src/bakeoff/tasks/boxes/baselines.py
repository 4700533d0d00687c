"""What a net that finds objects must beat, and how such a baseline sees images and boxes."""

from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.nn import functional as F

from bakeoff.images.boxes import iou, xywh_to_xyxy

STEPS = (0.08, 0.04, 0.02, 0.01, 0.005)  # of the image, in the search for the best box


class Rows:
    """The pixels of each image as a row of numbers in [0, 1], and its objects as one row of six numbers
    each: p_c, x, y, w, h, class.
    """

    def examples(self, data: pl.LightningDataModule, split: str) -> tuple[np.ndarray, Tensor]:
        """Features (N, channels * height * width) and targets (N, 6) or (N, M, 6)."""
        images, targets = data.splits[split][:]
        return images.flatten(1).float().div(255).numpy(), targets

    def labels(self, targets: Tensor) -> np.ndarray:
        """(N, 6 M), the objects of an image one after another."""
        return targets.flatten(1).numpy()

    def objects(self, model: Any, features: np.ndarray) -> Tensor:
        """The predicted objects (N, M, 6) of a fitted baseline."""
        predicted = torch.as_tensor(np.asarray(model.predict(features))).float()
        return predicted.reshape(len(features), -1, 6)


def object_output(objects: Tensor, classes: int) -> Tensor:
    """What a net says of objects (..., 6) that it is sure of: (..., 5 + `classes`), the logit of p_c,
    x, y, w, h and the class logits.
    """
    label = objects[..., 5].round().long().clamp(0, classes - 1)
    present = torch.logit(objects[..., :1].clamp(0, 1))
    return torch.cat([present, objects[..., 1:5], F.one_hot(label, classes).log()], dim=-1)


class ConstantBox:
    """The same answer for every image: one object of the commonest class, in the box that overlaps best
    with all boxes of the training images (the largest mean IoU).
    """

    def fit(self, features: np.ndarray, labels: np.ndarray) -> "ConstantBox":
        """`labels` (N, 6 M) as of `Rows`."""
        rows = torch.as_tensor(labels).reshape(-1, 6)
        rows = rows[rows[:, 0] > 0]
        self.width = labels.shape[1]
        self.row = torch.zeros(self.width)
        if len(rows):
            self.row[0] = 1
            self.row[1:5] = best_box(rows[:, 1:5])
            self.row[5] = rows[:, 5].long().bincount().argmax()
        return self

    def predict(self, features: np.ndarray) -> np.ndarray:
        """(N, 6 M)."""
        return self.row.expand(len(features), self.width).numpy()


def best_box(boxes: Tensor) -> Tensor:
    """The box (4,) with the largest mean IoU with `boxes` (N, 4), all xywh in [0, 1]: from the medians, by
    steps along one coordinate at a time, as long as a step helps.
    """
    true, best = xywh_to_xyxy(boxes), boxes.median(dim=0).values
    value = _mean_overlap(best, true)
    for step in STEPS:
        improved = True
        while improved:
            improved = False
            for move in torch.cat([torch.eye(4), -torch.eye(4)]) * step:
                overlap = _mean_overlap(best + move, true)
                if overlap > value:
                    best, value, improved = best + move, overlap, True
    return best


def _mean_overlap(box: Tensor, true: Tensor) -> float:
    return float(iou(xywh_to_xyxy(box), true).double().mean())
