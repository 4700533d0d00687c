"""COCO's average precision: by hand, and equal to its original implementation."""

import contextlib
import io

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from bakeoff.tasks.detection.average_precision import Boxes, average_precisions, precisions


def boxes(*rows: tuple, scored: bool = True) -> Boxes:
    """Rows of image, label, left, top, right, bottom and, where scored, score."""
    array = np.array(rows, float).reshape(-1, 7 if scored else 6)
    image, label = array[:, 0].astype(int), array[:, 1].astype(int)
    return Boxes(image, label, array[:, 2:6], array[:, 6] if scored else None)


def original(detected: Boxes, true: Boxes, images: int, classes: int) -> dict[str, float]:
    """The same by pycocotools, called as its documentation says."""

    def rows(of: Boxes) -> list[dict]:
        xywh = np.concatenate([of.xyxy[:, :2], of.xyxy[:, 2:] - of.xyxy[:, :2]], axis=1)
        return [
            {"image_id": int(i), "category_id": int(c), "bbox": list(map(float, b))}
            for i, c, b in zip(of.image, of.label, xywh, strict=True)
        ]

    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "images": [{"id": i} for i in range(images)],
            "categories": [{"id": c} for c in range(classes)],
            "annotations": [
                {**row, "id": n, "iscrowd": 0, "area": row["bbox"][2] * row["bbox"][3]}
                for n, row in enumerate(rows(true), start=1)
            ],
        }
        truth.createIndex()
        results = [
            {**row, "score": float(s)}
            for row, s in zip(rows(detected), detected.score, strict=True)
        ]
        evaluation = COCOeval(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return dict(zip(("map", "map50", "map75"), evaluation.stats[:3], strict=True))


def test_by_hand():
    # Two digits of one class. The best detection overlaps the first by .8, the next finds nothing, the
    # third is exact. At IoU .50 to .80 (7 of 10) recall 1/2 comes at precision 1, recall 1 at 2/3.
    # Interpolated at 101 recalls: 51 of them (0 to .50) at 1, 50 at 2/3.
    # At .85 to .95 the first is wrong too: recall 1/2 at 1/3, never more: 51 at 1/3, 50 at 0.
    true = boxes((0, 0, 0, 0, 10, 10), (1, 0, 0, 0, 10, 10), scored=False)
    detected = boxes(
        (0, 0, 0, 0, 10, 8, 0.9), (1, 0, 50, 50, 60, 60, 0.8), (1, 0, 0, 0, 10, 10, 0.7)
    )
    found = average_precisions(precisions(detected, true, images=2, classes=1))
    good, bad = (51 + 50 * 2 / 3) / 101, 51 / 3 / 101
    assert found["map50"] == pytest.approx(good)
    assert found["map75"] == pytest.approx(good)
    assert found["map"] == pytest.approx(0.7 * good + 0.3 * bad)


def test_perfect_and_none():
    true = boxes((0, 0, 0, 0, 10, 10), (1, 1, 5, 5, 10, 10), scored=False)
    perfect = boxes((0, 0, 0, 0, 10, 10, 0.5), (1, 1, 5, 5, 10, 10, 0.5))
    assert average_precisions(precisions(perfect, true, 2, 2)) == dict.fromkeys(
        ("map", "map50", "map75"), pytest.approx(1.0)
    )
    nothing = boxes()
    assert average_precisions(precisions(nothing, true, 2, 2))["map"] == 0
    swapped = boxes((0, 1, 0, 0, 10, 10, 0.5), (1, 0, 5, 5, 10, 10, 0.5))
    assert average_precisions(precisions(swapped, true, 2, 2))["map"] == 0


def test_a_class_without_a_true_box_does_not_count():
    true = boxes((0, 0, 0, 0, 10, 10), scored=False)
    detected = boxes((0, 0, 0, 0, 10, 10, 0.5), (0, 1, 0, 0, 10, 10, 0.9))
    precision = precisions(detected, true, 1, 2)
    assert np.isnan(precision[:, :, 1]).all()
    assert average_precisions(precision)["map"] == pytest.approx(1.0)
    none = precisions(detected, boxes(scored=False), 1, 2)
    assert np.isnan(average_precisions(none)["map"])


@pytest.mark.parametrize("seed", range(5))
def test_equals_the_original_implementation(seed):
    rng = np.random.default_rng(seed)
    images, classes, count = 40, 3, 120
    corner, size = rng.uniform(0, 40, (count, 2)), rng.uniform(4, 25, (count, 2))
    image, label = rng.integers(0, images, count), rng.integers(0, classes, count)
    true = Boxes(image, label, np.concatenate([corner, corner + size], axis=1))
    moved = true.xyxy + rng.normal(0, 1.5, (count, 4))
    relabelled = np.where(rng.random(count) < 0.1, (label + 1) % classes, label)
    # A third of them a second time, as a net without suppression would.
    again = rng.integers(0, count, count // 3)
    detected = Boxes(
        np.concatenate([image, image[again]]),
        np.concatenate([relabelled, label[again]]),
        np.concatenate([moved, moved[again] + 0.5]),
        rng.random(count + count // 3).round(2),
    )
    found = average_precisions(precisions(detected, true, images, classes))
    expected = original(detected, true, images, classes)
    assert 0.1 < expected["map"] < 0.9
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-6), name
