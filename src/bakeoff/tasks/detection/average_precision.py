"""Average precision as COCO defines it, by its reference implementation (faster-coco-eval).

Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014; https://cocodataset.org/#detection-eval
"""

import logging
from dataclasses import dataclass

import numpy as np

log = logging.getLogger(__name__)

OVERLAPS = np.linspace(0.5, 0.95, 10)  # IoU from which a detection counts as right
RECALLS = np.linspace(0, 1, 101)
LARGEST = 1e10  # area up to which boxes count, in pixels: all of them


@dataclass(frozen=True)
class Boxes:
    """N boxes on images: `image` (N,) and `label` (N,) whole numbers, `xyxy` (N, 4) in pixels.

    Detections have a `score` (N,).
    """

    image: np.ndarray
    label: np.ndarray
    xyxy: np.ndarray
    score: np.ndarray | None = None


def precisions(detected: Boxes, true: Boxes, images: int, classes: int) -> np.ndarray:
    """(10, 101, classes): precision by IoU (OVERLAPS), recall (RECALLS) and class, interpolated.

    At most the 100 best detections of an image and class count. A class without a true box is NaN.
    """
    from faster_coco_eval import COCO
    from faster_coco_eval.core.faster_eval_api import COCOeval_faster

    truth = {
        "images": [{"id": image} for image in range(images)],
        "categories": [{"id": label, "name": str(label)} for label in range(classes)],
        "annotations": [],
    }
    # Both as data sets: `loadRes` would add polygons to the detections that nobody needs.
    reference, results = (
        COCO({**truth, "annotations": _annotations(boxes)}) for boxes in (true, detected)
    )
    evaluation = COCOeval_faster(reference, results, "bbox", print_function=log.debug)
    evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, LARGEST]], ["all"]
    evaluation.params.iouThrs, evaluation.params.recThrs = OVERLAPS, RECALLS
    evaluation.evaluate()
    evaluation.accumulate()
    found = np.asarray(evaluation.eval["precision"])[:, :, :, 0, -1]
    return np.where(found < 0, np.nan, found)


def average_precisions(precision: np.ndarray) -> dict[str, float]:
    """The map (over all of OVERLAPS), map50 and map75, averaged over the classes that are there; or NaN."""
    there = precision[:, :, ~np.isnan(precision).any(axis=(0, 1))]
    if not there.size:
        return dict.fromkeys(("map", "map50", "map75"), float("nan"))
    by_overlap = there.mean(axis=(1, 2))
    return {
        "map": float(by_overlap.mean()),
        "map50": float(by_overlap[0]),
        "map75": float(by_overlap[5]),
    }


def _annotations(boxes: Boxes) -> list[dict]:
    """In COCO's format: ids from 1, boxes as left, top, width, height."""
    xywh = np.concatenate([boxes.xyxy[:, :2], boxes.xyxy[:, 2:] - boxes.xyxy[:, :2]], axis=1)
    columns = {
        "image_id": boxes.image.tolist(),
        "category_id": boxes.label.tolist(),
        "bbox": xywh.tolist(),
        "area": xywh[:, 2:].prod(axis=1).tolist(),
    }
    if boxes.score is not None:
        columns["score"] = boxes.score.tolist()
    rows = zip(*columns.values(), strict=True)
    return [
        {"id": index, "iscrowd": 0, **dict(zip(columns, row, strict=True))}
        for index, row in enumerate(rows, start=1)
    ]
