"""Average precision where images count several times: as if they were there several times."""

import numpy as np
import pytest
import torch

from bakeoff.tasks.detection.average_precision import Boxes, precisions
from bakeoff.tasks.detection.resampled_precision import weighted_precisions

IMAGES, CLASSES = 12, 3


def scene(seed: int) -> tuple[Boxes, Boxes]:
    """Some true boxes; detections near some of them, of the right class or not, and elsewhere."""
    random = np.random.default_rng(seed)
    image = random.integers(IMAGES, size=30)
    label = random.integers(CLASSES, size=30)
    corner = random.random((30, 2))
    xyxy = np.concatenate([corner, corner + 0.1 + 0.2 * random.random((30, 2))], axis=1)
    near = random.integers(30, size=60)
    shift = 0.03 * random.normal(size=(60, 4))
    detected = Boxes(
        image[near],
        np.where(random.random(60) < 0.8, label[near], random.integers(CLASSES, size=60)),
        xyxy[near] + shift,
        random.random(60),
    )
    return detected, Boxes(image, label, xyxy)


def repeated(boxes: Boxes, counts: np.ndarray) -> Boxes:
    """The boxes of images that occur so often, each time as an image of its own."""
    found = [
        (new, index)
        for new, old in enumerate(np.repeat(np.arange(IMAGES), counts))
        for index in np.flatnonzero(boxes.image == old)
    ]
    image, index = (np.array(part) for part in zip(*found, strict=True))
    score = None if boxes.score is None else boxes.score[index]
    return Boxes(image, boxes.label[index], boxes.xyxy[index], score)


@pytest.mark.parametrize("seed", range(5))
def test_with_every_image_once_it_is_cocos(seed):
    detected, true = scene(seed)
    reference = precisions(detected, true, IMAGES, CLASSES).mean(axis=1)
    found = weighted_precisions(detected, true, torch.ones(1, IMAGES), CLASSES)[0]
    assert found.numpy() == pytest.approx(reference, nan_ok=True, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_an_image_that_counts_twice_is_as_two(seed):
    """COCO puts copies one after the other; here they count at once, which a long curve does not see."""
    detected, true = scene(seed)
    counts = np.random.default_rng(seed).multinomial(IMAGES, np.ones(IMAGES) / IMAGES)
    reference = precisions(
        repeated(detected, counts), repeated(true, counts), int(counts.sum()), CLASSES
    ).mean(axis=1)
    weights = torch.from_numpy(np.stack([np.ones(IMAGES), counts]))
    found = weighted_precisions(detected, true, weights, CLASSES)[1]
    assert found.numpy() == pytest.approx(reference, nan_ok=True, abs=0.04)


def test_a_class_without_a_true_box_has_no_precision():
    detected, true = scene(0)
    only = true.label != 2
    true = Boxes(true.image[only], true.label[only], true.xyxy[only])
    found = weighted_precisions(detected, true, torch.ones(1, IMAGES), CLASSES)[0]
    assert found[:, 2].isnan().all() and not found[:, :2].isnan().any()
    nothing = Boxes(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 4)), np.zeros(0))
    assert (weighted_precisions(nothing, true, torch.ones(1, IMAGES), 1) == 0).all()
