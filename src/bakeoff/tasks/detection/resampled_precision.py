"""COCO's average precision where images count several times or not at all, as in a bootstrap."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from bakeoff.tasks.detection.average_precision import OVERLAPS, RECALLS, Boxes

MOST = 100  # best detections of an image and class that count


def weighted_precisions(detected: Boxes, true: Boxes, weights: Tensor, classes: int) -> Tensor:
    """(R, overlaps, classes) float64: average precision over the recalls, where image i counts
    `weights[r, i]` times, `weights` (R, images); NaN of a class without a true box that counts.

    Which detection finds which box is settled within an image (`_matches`), so it is worked out once;
    the weights only change the sums along the detections, best first. With weights of 1 this is
    `average_precision.precisions`, averaged over recall.
    """
    weights = weights.double()
    # COCO ignores a detection of negative area, which no box overlaps.
    sides = detected.xyxy[:, 2:] - detected.xyxy[:, :2]
    detected = _chosen(detected, sides.prod(axis=1) >= 0)
    found = torch.full((len(weights), len(OVERLAPS), classes), torch.nan, dtype=torch.float64)
    for label in range(classes):
        image, score, hit = _matches(
            _chosen(detected, detected.label == label), _chosen(true, true.label == label)
        )
        order = np.argsort(-score, kind="mergesort")
        counts = weights[:, torch.from_numpy(image[order])]
        hits = torch.from_numpy(hit[order])
        total = weights[:, torch.from_numpy(true.image[true.label == label])].sum(dim=1)
        for at in range(len(OVERLAPS)):
            found[:, at, label] = _average(counts, hits[:, at], total)
    return found


def _average(counts: Tensor, hit: Tensor, total: Tensor) -> Tensor:
    """Interpolated precision averaged over RECALLS, (R,); `counts` (R, D) of detections, best first, that
    are right where `hit` (D,), with `total` (R,) true boxes; NaN where that is 0.
    """
    if not len(hit):
        return torch.where(total > 0, 0.0, torch.nan)
    right, seen = (counts * hit).cumsum(dim=1), counts.cumsum(dim=1)
    # What does not count at all leaves the curve as it is: it is as precise as what comes before it.
    precision = right / seen.clamp_min(1)
    precision = precision.flip(1).cummax(dim=1).values.flip(1)
    recall = right / total.clamp_min(1).unsqueeze(1)
    wanted = torch.from_numpy(RECALLS).expand(len(counts), -1).contiguous()
    at = torch.searchsorted(recall, wanted)
    reached = at < len(hit)
    value = precision.gather(1, at.clamp(max=len(hit) - 1)) * reached
    return torch.where(total > 0, value.mean(dim=1), torch.nan)


def _matches(detected: Boxes, true: Boxes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image (D,), score (D,), and per overlap whether a detection of one class finds a box, (D, overlaps).

    As COCO does: within an image, the best detection first, each takes the box that is still free and
    that it overlaps most.
    """
    images, scores, hits = [], [], []
    for image, own, boxes in _by_image(detected, true):
        order = np.argsort(-detected.score[own], kind="mergesort")[:MOST]
        own = own[order]
        images.append(np.full(len(own), image))
        scores.append(detected.score[own])
        hits.append(_greedy(detected.xyxy[own], true.xyxy[boxes]))
    if not images:
        return np.zeros(0, int), np.zeros(0), np.zeros((0, len(OVERLAPS)), bool)
    return np.concatenate(images), np.concatenate(scores), np.concatenate(hits)


def _greedy(detected: np.ndarray, true: np.ndarray) -> np.ndarray:
    hit = np.zeros((len(detected), len(OVERLAPS)), bool)
    if not len(true):
        return hit
    overlaps = _overlaps(detected[:, None], true[None])
    for at, least in enumerate(OVERLAPS):
        free = np.ones(len(true), bool)
        for row, overlap in enumerate(overlaps):
            candidates = np.where(free, overlap, -1.0)
            # Of equal overlaps COCO takes the last.
            best = len(candidates) - 1 - int(candidates[::-1].argmax())
            if candidates[best] >= min(least, 1 - 1e-10):
                free[best], hit[row, at] = False, True
    return hit


def _overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of boxes xyxy that broadcast."""
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = np.maximum(sides, 0).prod(axis=-1)
    areas = [(box[..., 2:] - box[..., :2]).prod(axis=-1) for box in (a, b)]
    union = areas[0] + areas[1] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def _by_image(detected: Boxes, true: Boxes) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    for image in np.unique(detected.image):
        yield image, np.flatnonzero(detected.image == image), np.flatnonzero(true.image == image)


def _chosen(boxes: Boxes, chosen: np.ndarray) -> Boxes:
    score = None if boxes.score is None else boxes.score[chosen]
    return Boxes(boxes.image[chosen], boxes.label[chosen], boxes.xyxy[chosen], score)
