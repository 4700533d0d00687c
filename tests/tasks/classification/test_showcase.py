"""Pictures of what a classifier sees."""

import pytest
import torch

from bakeoff.tasks.classification.showcase import ClassificationShowcase, class_table

NAMES = ("cat", "dog", "a long name")


@pytest.mark.parametrize("channels", [1, 3])
def test_the_worst_mistake_comes_first(channels, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "bakeoff.tasks.classification.showcase._pictures",
        lambda images, *_: drawn.append(images[:, 0, 0, 0].tolist()),
    )
    images = torch.arange(3, dtype=torch.uint8)[:, None, None, None].expand(3, channels, 8, 8)
    output = torch.tensor([[2.0, 0.0, 0.0], [3.0, 0.0, 0.0], [0.0, 0.0, 9.0]])
    targets = torch.tensor([0, 1, 2])
    ClassificationShowcase(1, 2).pictures(images, output, targets, NAMES, seed=0)
    assert drawn[1] == [1, 0]  # image 1 is wrong, image 0 right but less certain than image 2


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_grey_and_colour(channels):
    images = torch.randint(0, 256, (9, channels, 32, 32), dtype=torch.uint8)
    showcase = ClassificationShowcase(every_epochs=1, samples=8)
    found = showcase.pictures(images, torch.randn(9, 3), torch.arange(9) % 3, NAMES, seed=0)
    assert list(found) == ["samples", "worst mistakes", "confusion matrix"]
    assert found["samples"].width > 4 * 140


def test_the_table_per_class_by_hand():
    table = class_table(torch.tensor([[3, 1], [0, 4]]), NAMES[:2])
    assert "| cat | 1.0000 | 0.7500 | 0.8571 | 4 |" in table
    assert "| dog | 0.8000 | 1.0000 | 0.8889 | 4 |" in table
