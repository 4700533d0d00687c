"""From a grid of numbers to detections: confidence, threshold, non-maximum suppression, pixels."""

import torch
from torch import Tensor

from bakeoff.images.boxes import iou, xywh_to_xyxy
from bakeoff.images.finding import Finding
from bakeoff.tasks.detection.grid import to_image


def decode(
    output: Tensor, height: int, width: int, threshold: float, overlap: float
) -> tuple[Tensor, Tensor]:
    """Detections in images of `height` x `width` pixels: boxes (B, N, 4) and scores (B, N, C).

    `output` (B, rows, columns, 5 + C) gives a box to each of the N = rows * columns cells: xyxy in
    pixels, within the image. Its score for a class is sigmoid(p_c) times the class probability. A score
    below `threshold`, or suppressed by a better box of the class that overlaps more than `overlap`
    (IoU), is 0: no detection.
    """
    cells = to_image(output).flatten(1, 2)
    size = cells.new_tensor([width, height, width, height])
    boxes = torch.minimum((xywh_to_xyxy(cells[..., 1:5]) * size).clamp(min=0), size)
    scores = cells[..., :1].sigmoid() * cells[..., 5:].softmax(dim=-1)
    scores = torch.where(
        scores >= threshold, scores, 0
    )  # of a net that diverged: NaN is no detection
    return boxes, suppress(boxes, scores, overlap)


def suppress(boxes: Tensor, scores: Tensor, overlap: float) -> Tensor:
    """Class-wise greedy non-maximum suppression: `scores` (B, N, C) with the suppressed ones set to 0.

    Going down the scores of a class (the earlier box first where they are equal), a box is kept that no
    kept box overlaps by more than `overlap` (IoU of `boxes` (B, N, 4), xyxy).

    For all images and classes at once: keep every box, then again and again only those that no kept box
    suppresses, until nothing changes. After k rounds the k best of a class are right, so this ends with
    the greedy result (Zheng et al., IEEE Trans. Cybernetics 2022, call it Cluster-NMS), usually after
    two or three rounds.
    """
    by_class = scores.transpose(1, 2)  # (B, C, N)
    ahead, behind = by_class.unsqueeze(-1), by_class.unsqueeze(-2)  # (B, C, N, 1), (B, C, 1, N)
    index = torch.arange(boxes.shape[1], device=boxes.device)
    earlier = index.unsqueeze(-1) < index
    precedes = (ahead > behind) | ((ahead == behind) & earlier)
    close = iou(boxes.unsqueeze(2), boxes.unsqueeze(1)) > overlap  # (B, N, N)
    suppresses = precedes & close.unsqueeze(1) & (ahead > 0)
    keep = by_class > 0
    while True:
        kept = (by_class > 0) & ~(suppresses & keep.unsqueeze(-1)).any(dim=-2)
        if torch.equal(kept, keep):
            return scores * keep.transpose(1, 2)
        keep = kept


def findings(
    output: Tensor, height: int, width: int, threshold: float, overlap: float
) -> list[list[Finding]]:
    """The detections of `decode` for each image, best first."""
    boxes, scores = decode(output, height, width, threshold, overlap)
    found: list[list[Finding]] = [[] for _ in range(len(output))]
    where = scores.nonzero()
    order = scores[tuple(where.T)].argsort(descending=True, stable=True)
    for image, cell, label in where[order].tolist():
        score, box = float(scores[image, cell, label]), tuple(boxes[image, cell].tolist())
        found[image].append(Finding(label, score, box))
    return found
