"""Pictures of detections show what they should."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from bakeoff.data.batches import Tensors
from bakeoff.images.drawing import PREDICTED, TRUE
from bakeoff.tasks.detection.grid import to_grid
from bakeoff.tasks.detection.showcase import DetectionShowcase, log_precision, precision_recall


def pixels(picture, colour: str) -> int:
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return int((np.asarray(picture) == rgb).all(axis=-1).sum())


def test_samples_misses_and_curves():
    boxes = torch.zeros(9, 2, 6)
    boxes[:, 0] = torch.tensor([1, 0.3, 0.4, 0.3, 0.5, 1])
    target = to_grid(boxes, 2, 3)
    output = torch.cat([target[..., :5], torch.zeros(9, 2, 3, 2)], dim=-1)
    output[..., 0] = 40 * target[..., 0] - 20
    output[..., 6] = 20
    output[4, ..., 0] = -20  # one image with nothing found
    images = torch.full((9, 1, 48, 60), 90, dtype=torch.uint8)
    showcase = DetectionShowcase(every_epochs=1, samples=2, threshold=0.5, overlap=0.5)
    pictures = showcase.pictures(images, output, boxes, ("0", "1"), seed=1)
    assert set(pictures) == {"samples", "worst misses", "precision recall"}
    # The miss has a true box and no predicted one: only the words under it are in that colour.
    miss, right = np.split(np.asarray(pictures["worst misses"])[:, :486], [243], axis=1)
    assert pixels(miss, TRUE) > 500
    assert 0 < pixels(miss, PREDICTED) < 150
    assert pixels(right, PREDICTED) > 500


def test_the_curve_is_drawn_without_any_true_box():
    picture = precision_recall(np.full((10, 101, 2), np.nan))
    assert picture.size == (600, 450)


def test_precision_over_recall_is_logged_with_falling_recall_and_its_counts():
    logged = {}

    def add(name, right, false, true_negative, missed, precision, recall, step, num_thresholds):
        logged[name] = (right, false, missed, precision, recall)

    experiment = SimpleNamespace(add_pr_curve_raw=add)
    trainer = SimpleNamespace(logger=SimpleNamespace(experiment=experiment), global_step=7)
    precision = np.full((101, 3), 0.5)
    precision[:, 2] = np.nan  # a class without a true box
    log_precision(trainer, precision, count=10)
    right, false, missed, mean, recall = logged["IoU 0.50"]
    assert (recall[0], recall[-1]) == (1.0, 0.0) and set(mean) == {0.5}
    assert (right[0], false[0], missed[0]) == (10, 10, 0)
    assert (right[50], missed[50]) == (5, 5)
    logged.clear()
    log_precision(trainer, precision[:, 2:], count=0)
    assert not logged


class Empty(torch.nn.Module):
    """Finds nothing."""

    device = torch.device("cpu")

    def read(self, x, state):
        return torch.zeros(len(x), 2, 3, 7), state


@pytest.mark.parametrize(("split", "level"), [("val", 10), ("test", 90)])
def test_exhibits_are_of_the_split_that_was_asked_for(split, level, monkeypatch):
    splits = {
        name: Tensors(torch.full((3, 1, 48, 60), grey, dtype=torch.uint8), torch.zeros(3, 2, 6))
        for name, grey in (("train", 0), ("val", 10), ("test", 90))
    }
    data = SimpleNamespace(splits=splits, class_names=("0", "1"), batch_size=2)
    showcase, given = DetectionShowcase(1, 2, threshold=0.5, overlap=0.5), []
    monkeypatch.setattr(showcase, "pictures", lambda *arguments: given.append(arguments) or {})
    showcase.exhibits(Empty(), data, split, seed=4)
    [(images, output, targets, names, seed)] = given
    assert images.unique().tolist() == [level]
    assert (len(output), len(targets), names, seed) == (3, 3, ("0", "1"), 4)
