"""The course's files, written by torch.save as the course did."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, tensor
from torch.utils.data import TensorDataset

from bakeoff.errors import BakeoffError
from bakeoff.tasks.localization.course import CourseData, read_localization


def pairs(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    images = torch.randn(count, 1, 8, 10, generator=generator)
    targets = 0.1 + 0.8 * torch.rand(count, 6, generator=generator)
    targets[:, 0] = 1
    targets[:, 5] = torch.arange(count) % 10
    targets[1] = 0
    return images, targets


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


@pytest.fixture
def course(tmp_path: Path) -> CourseData:
    names = {"train": "a.pt", "val": "b.pt", "test": "c.pt"}
    for seed, (split, count) in enumerate({"train": 20, "val": 6, "test": 5}.items()):
        content = list(zip(*pairs(count, seed), strict=True))
        saved(tmp_path / names[split], content)
    return CourseData(str(tmp_path), names, batch_size=4)


IMAGES, TARGETS = pairs(6)
WRONG_SHAPES = {
    "no channel": (IMAGES[:, 0], TARGETS, r"images \(6, 8, 10\), targets \(6, 6\)"),
    "five numbers": (IMAGES, TARGETS[:, :5], r"targets \(6, 5\): expected .* and \(N, 6\)"),
    "flat targets": (IMAGES, TARGETS[:, 0], r"targets \(6,\)"),
    "no items": (IMAGES[:0], TARGETS[:0], "N at least 1"),
}


@pytest.mark.parametrize(("images", "targets", "message"), WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_wrong_shapes_are_named(tmp_path, images, targets, message):
    with pytest.raises(BakeoffError, match=message):
        read_localization(saved(tmp_path / "data.pt", TensorDataset(images, targets)))


NAN, INFINITY = float("nan"), float("inf")
WRONG_TARGETS = {
    "nan": (3, [1, 0.5, NAN, 0.2, 0.2, 3], "a target is not finite at image 3"),
    "infinite size": (0, [1, 0.5, 0.5, INFINITY, 0.2, 3], "a target is not finite at image 0"),
    "confidence": (2, [0.5, 0.5, 0.5, 0.2, 0.2, 3], "p_c is neither 0 nor 1 at image 2"),
    "right of it": (4, [1, 1.01, 0.5, 0.2, 0.2, 3], r"the box is outside \[0, 1\] at image 4"),
    "negative size": (4, [1, 0.5, 0.5, -0.2, 0.2, 3], r"the box is outside \[0, 1\] at image 4"),
    "pixels": (5, [1, 30, 20, 10, 10, 3], r"the box is outside .* target \[1.0, 30.0, 20.0"),
    "class 10": (5, [1, 0.5, 0.5, 0.2, 0.2, 10], "the class is not in 0..9 at image 5"),
    "half a class": (5, [1, 0.5, 0.5, 0.2, 0.2, 2.5], "the class is not in 0..9 at image 5"),
}


@pytest.mark.parametrize(("at", "target", "message"), WRONG_TARGETS.values(), ids=WRONG_TARGETS)
def test_a_wrong_target_is_named_with_its_image(tmp_path, at, target, message):
    targets = TARGETS.clone()
    targets[at] = tensor(target)
    with pytest.raises(BakeoffError, match=rf"data.pt: {message}.*; mend or remove it"):
        read_localization(saved(tmp_path / "data.pt", TensorDataset(IMAGES, targets)))


def test_a_pixel_that_is_not_finite_is_named_with_its_image(tmp_path):
    images = IMAGES.clone()
    images[2, 0, 3, 4] = images[4, 0, 0, 0] = NAN
    with pytest.raises(BakeoffError, match=r"a pixel is not finite at image 2 \(and 1 more\)"):
        read_localization(saved(tmp_path / "data.pt", TensorDataset(images, TARGETS)))


def test_an_empty_image_may_hold_any_finite_box_and_class(tmp_path):
    targets = TARGETS.clone()
    targets[1] = tensor([0, -5.0, 0, 7, 0, 99])
    assert torch.equal(
        read_localization(saved(tmp_path / "data.pt", TensorDataset(IMAGES, targets)))[1], targets
    )


def test_all_missing_files_are_listed_at_once(course):
    course.prepare_data()
    course.paths["val"].unlink()
    course.paths["test"].unlink()
    with pytest.raises(
        BakeoffError, match=r"no file .*b.pt, .*c.pt: expected .* data.folder=FOLDER"
    ):
        course.prepare_data()


def test_a_stage_loads_its_splits_alone(course):
    assert course.input_shape == (1, 8, 10)
    assert set(course.splits) == {"val"}
    course.setup("fit")
    assert {split: len(part) for split, part in course.splits.items()} == {"val": 6, "train": 20}
    course.setup("test")
    assert len(course.splits["test"]) == 5
    assert course.output_shape == (15,)


def test_statistics_are_those_of_the_training_images(course):
    course.setup("fit")
    mean, std = course.statistics()
    images = pairs(20, seed=0)[0]
    assert float(mean) == pytest.approx(float(images.mean()))
    assert float(std) == pytest.approx(float(images.std(correction=0)))


def test_batches_hold_every_image_once(course):
    course.setup("fit")
    course.setup("test")
    for loader, seed, count in (
        (course.train_dataloader(), 0, 20),
        (course.val_dataloader(), 1, 6),
        (course.test_dataloader(), 2, 5),
    ):
        batches = list(loader)
        assert batches[0][0].shape == (4, 1, 8, 10)
        seen = torch.cat([targets for _, targets in batches])
        assert sorted(seen.tolist()) == sorted(pairs(count, seed)[1].tolist())


def test_the_fingerprint_follows_the_content_of_every_file(course):
    before = course.fingerprint
    assert course.fingerprint == before
    seen = {before}
    for path in course.paths.values():
        saved(path, TensorDataset(*pairs(4, seed=9)))
        seen.add(course.fingerprint)
    assert len(seen) == 4
