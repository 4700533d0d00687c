"""Canvases with several digits: where the boxes say, apart from each other, the same every time."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.images.digits import Digits, EmbeddedDigits
from bakeoff.tasks.boxes.canvas import Distortion, Noise
from bakeoff.tasks.detection.data import DetectionData, Scene, canvases, report

SMALL = {"train": 700, "val": 60, "test": 60}


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., DetectionData]:
    def data(**changes) -> DetectionData:
        settings = {
            "root": str(tmp_path),
            "source": EmbeddedDigits(),
            "sizes": SMALL,
            "height": 48,
            "width": 60,
            "grid": [2, 3],
            "classes": [0, 1],
            "counts": [0.4, 0.3, 0.2, 0.1],
            "distortion": Distortion(scale=(0.7, 1.4), rotation=0.6),
            "noise": Noise(level=0.28, coarse=0.2, cell=12, pixel=0.4),
            "seed": 0,
            "batch_size": 64,
        }
        return DetectionData(**(settings | changes))

    return data


def prepared(data: DetectionData) -> DetectionData:
    data.prepare_data()
    data.setup("fit")
    data.setup("test")
    return data


def test_shapes_and_shares(make):
    data = prepared(make())
    assert data.input_shape == (1, 48, 60)
    assert data.output_shape == (2, 3, 7)
    images, targets = data.splits["train"].tensors
    assert images.shape == (700, 1, 48, 60)
    assert images.dtype == torch.uint8
    assert targets.shape == (700, 4, 6)
    digits = targets[..., 0].sum(dim=1)
    assert digits.min() == 1  # the first digit always finds a place
    assert (digits == 1).float().mean() >= 0.4 - 0.06  # and more, where others did not
    dropped = data.generated.arrays("train")["dropped"]
    assert digits.sum() + dropped.sum() == pytest.approx(700 * 2, rel=0.05)
    assert dropped.sum() > 0
    present = targets[targets[..., 0] > 0]
    assert set(present[:, 5].tolist()) == {0, 1}
    assert not targets[targets[..., 0] == 0].any()


def test_digits_of_one_canvas_do_not_overlap(make):
    _, targets = prepared(make()).splits["train"].tensors
    low, high = targets[..., 1:3] - targets[..., 3:5] / 2, targets[..., 1:3] + targets[..., 3:5] / 2
    assert low.min() >= 0
    assert high.max() <= 1
    both = (targets[..., 0].unsqueeze(1) * targets[..., 0].unsqueeze(2)).bool()
    both &= ~torch.eye(4, dtype=torch.bool)
    apart = (high.unsqueeze(1) <= low.unsqueeze(2)) | (low.unsqueeze(1) >= high.unsqueeze(2))
    assert both.sum() > 300
    assert apart.any(dim=-1)[both].all()


def test_boxes_are_where_the_ink_is():
    """Without noise, all that is bright on a canvas lies in its boxes, and touches their edges."""
    digits = EmbeddedDigits().load()["train"][:40]
    made = canvases(
        Scene(digits, np.array([2] * 20)),
        7,
        slots=2,
        pixels=2.5,
        height=48,
        width=60,
        distortion=Distortion(scale=(0.7, 1.1), rotation=0.3),
        noise=Noise(level=0, coarse=0, cell=12, pixel=0),
    )
    for image, boxes in zip(made["images"], made["targets"], strict=True):
        left = image.copy()
        for present, x, y, w, h, _ in boxes * np.array([1, 60, 48, 60, 48, 1]):
            if not present:
                continue
            x0, x1, y0, y1 = (round(v) for v in (x - w / 2, x + w / 2, y - h / 2, y + h / 2))
            inside = image[y0:y1, x0:x1]
            assert min(e.max() for e in (inside[0], inside[-1], inside.T[0], inside.T[-1])) >= 60
            left[y0:y1, x0:x1] = 0
        assert left.max() < 64


def test_a_digit_without_visible_ink_is_no_target():
    digits = Digits(np.zeros((3, 8, 8), np.uint8), np.array([1, 1, 1], np.uint8))
    digits.images[0, 2:6, 2:6] = 255
    made = canvases(
        Scene(digits, np.array([1, 2])),
        7,
        slots=2,
        pixels=2.5,
        height=48,
        width=60,
        distortion=Distortion(scale=(1.0, 1.0), rotation=0.0),
        noise=Noise(level=0, coarse=0, cell=12, pixel=0),
    )
    assert made["targets"][0, 0, [0, 5]].tolist() == [1, 1]
    assert not made["targets"][1].any()


def test_the_same_settings_give_the_same_canvases_and_others_do_not(make, tmp_path):
    first = prepared(make())
    again = prepared(make(root=str(tmp_path / "elsewhere")))
    assert again.fingerprint == first.fingerprint
    assert prepared(make(seed=1)).fingerprint != first.fingerprint
    assert prepared(make(counts=[1.0])).fingerprint != first.fingerprint
    # The same canvases serve any grid, but what is evaluated depends on it.
    other = prepared(make(grid=[4, 5]))
    assert other.generated.fingerprint == first.generated.fingerprint
    assert other.fingerprint != first.fingerprint


def test_all_ten_digits_and_any_order_of_classes(make):
    data = prepared(make(classes=list(range(10))))
    assert data.output_shape == (2, 3, 15)
    targets = data.splits["train"].tensors[1]
    assert set(targets[targets[..., 0] > 0][:, 5].tolist()) == set(range(10))
    swapped, straight = (prepared(make(classes=classes)) for classes in ([7, 3], [3, 7]))
    assert swapped.class_names == ("7", "3")
    a, b = (data.splits["val"].tensors for data in (swapped, straight))
    assert torch.equal(a[0], b[0])
    there = a[1][..., 0] > 0
    assert torch.equal(a[1][there][:, 5], 1 - b[1][there][:, 5])


def test_digits_are_used_equally_often():
    from bakeoff.tasks.detection.data import _plan

    images = np.zeros((5, 4, 4), np.uint8)
    images[:, 0, 0] = np.arange(5)
    digits = Digits(images, np.array([0, 1, 0, 9, 1], np.uint8))
    scenes = _plan(digits, 1300, np.random.default_rng(0), np.array([0, 1]), [0.5, 0.5])
    assert [len(scene.counts) for scene in scenes] == [500, 500, 300]
    assert all(scene.counts.sum() == len(scene.digits) for scene in scenes)
    used = np.concatenate([scene.digits.images[:, 0, 0] for scene in scenes])
    times = np.bincount(used, minlength=5)
    assert times[3] == 0  # a nine
    assert np.ptp(times[[0, 1, 2, 4]]) <= 1


def test_what_is_left_out_is_logged(make, caplog):
    twins = torch.tensor([[[1, 0.1, 0.1, 0.1, 0.1, 0], [1, 0.2, 0.2, 0.1, 0.1, 0]]])
    with caplog.at_level(logging.INFO):
        report("train", twins, (2, 3), dropped=5)
        report("train", twins, (2, 3), dropped=5)
    (line,) = caplog.messages  # once
    assert caplog.records[0].levelname == "WARNING"
    assert "2 digits on 1 canvases; 1 (50.00%) share a cell of the 2x3 grid" in line
    assert "5 found no free place" in line
    with caplog.at_level(logging.INFO):
        make(seed=5).prepare_data()
    assert [line.split(":")[0] for line in caplog.messages[1:]] == ["train", "val"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"grid": [2]}, r"data.grid is \[2\]: expected \[rows, columns\]"),
        ({"grid": [0, 3]}, r"data.grid is \[0, 3\]"),
        ({"classes": []}, r"data.classes is \[\]: expected different digits"),
        ({"classes": [1, 1]}, r"data.classes is \[1, 1\]"),
        ({"classes": [0, 11]}, r"data.classes is \[0, 11\]"),
        ({"counts": [0.5, 0.2]}, r"data.counts is \[0.5, 0.2\]: .* sum to 1"),
        ({"sizes": SMALL | {"val": 0}}, r"data.sizes: \{'val': 0\}"),
    ],
)
def test_wrong_settings_are_refused(make, changes, message):
    with pytest.raises(BakeoffError, match=message):
        make(**changes)


def test_a_canvas_that_is_too_small_is_refused(make):
    with pytest.raises(BakeoffError, match=r"a canvas of 20x20 .* is too small"):
        make(height=20, width=20).prepare_data()
