"""Pictures of what a classifier sees."""

from types import SimpleNamespace

import pytest
import torch

from bakeoff.data.batches import Tensors
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
    ClassificationShowcase(1, 2, 3).pictures(images, output, targets, NAMES, seed=0)
    assert drawn[1] == [1, 0]  # image 1 is wrong, image 0 right but less certain than image 2


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_grey_and_colour(channels):
    images = torch.randint(0, 256, (9, channels, 32, 32), dtype=torch.uint8)
    showcase = ClassificationShowcase(every_epochs=1, samples=8, projected=9)
    found = showcase.pictures(images, torch.randn(9, 3), torch.arange(9) % 3, NAMES, seed=0)
    assert list(found) == ["samples", "worst mistakes", "confusion matrix"]
    assert found["samples"].width > 4 * 140


def test_the_table_per_class_by_hand():
    table = class_table(torch.tensor([[3, 1], [0, 4]]), NAMES[:2])
    assert "| cat | 1.0000 | 0.7500 | 0.8571 | 4 |" in table
    assert "| dog | 0.8000 | 1.0000 | 0.8889 | 4 |" in table


class Mean(torch.nn.Module):
    """Scores an image by how bright it is."""

    device = torch.device("cpu")

    def read(self, x, state):
        return x.flatten(1).float()[:, :3], state


@pytest.mark.parametrize(("split", "level"), [("val", 10), ("test", 90)])
def test_exhibits_are_of_the_split_that_was_asked_for(split, level, monkeypatch):
    splits = {
        name: Tensors(torch.full((3, 1, 8, 8), grey, dtype=torch.uint8), torch.arange(3))
        for name, grey in (("train", 0), ("val", 10), ("test", 90))
    }
    data = SimpleNamespace(splits=splits, class_names=NAMES, batch_size=2)
    showcase, given = ClassificationShowcase(every_epochs=1, samples=2, projected=9), []
    monkeypatch.setattr(showcase, "pictures", lambda *arguments: given.append(arguments) or {})
    showcase.exhibits(Mean(), data, split, seed=4)
    [(images, output, targets, names, seed)] = given
    assert images.unique().tolist() == output.unique().tolist() == [level]
    assert (targets.tolist(), names, seed) == ([0, 1, 2], NAMES, 4)


def test_inputs_that_are_no_pictures_are_not_drawn_and_floats_are_stretched():
    shown = ClassificationShowcase(every_epochs=1, samples=2, projected=9)
    output, labels = torch.eye(3), torch.arange(3)
    names = ("a", "b", "c")
    assert list(shown.pictures(torch.rand(3, 5), output, labels, names, 0)) == ["confusion matrix"]
    floats = torch.linspace(-3, 9, 48).reshape(3, 1, 4, 4)
    levels = ((floats + 3) / 12 * 255).round().to(torch.uint8)
    first, second = (shown.pictures(x, output, labels, names, 0) for x in (floats, levels))
    assert list(first) == ["samples", "worst mistakes", "confusion matrix"]
    assert all(first[name].tobytes() == second[name].tobytes() for name in first)


class Bright(torch.nn.Module):
    """Scores an image by the brightness of its first pixels."""

    device = torch.device("cpu")

    def __init__(self, channels):
        super().__init__()
        self.net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(channels * 4, 3))
        torch.nn.init.eye_(self.net[1].weight)
        torch.nn.init.zeros_(self.net[1].bias)

    def forward(self, x):
        return self.net(x.float())


@pytest.mark.parametrize("channels", [1, 3])
def test_the_projection_labels_what_the_last_layer_gets(channels):
    images = torch.zeros(5, channels, 2, 2, dtype=torch.uint8)
    images[:, 0, 0, 1] = torch.arange(5)  # the second class, but where all is dark
    data = SimpleNamespace(
        splits={"val": Tensors(images, torch.tensor([0, 1, 1, 1, 2]))}, class_names=NAMES
    )
    showcase = ClassificationShowcase(every_epochs=1, samples=2, projected=3)
    found = showcase.projection(Bright(channels), data)  # of the rows 0, 2 and 4
    assert torch.equal(found.vectors, images[[0, 2, 4]].flatten(1).float())
    assert [row[:3] for row in found.rows] == [
        ["cat", "cat", "yes"], ["dog", "dog", "yes"], ["a long name", "dog", "no"],
    ]  # fmt: skip
    assert found.rows[0][3] == "0.333"
    assert [picture.getpixel((1, 0))[0] for picture in found.thumbnails] == [0, 2, 4]


def test_inputs_that_are_no_images_have_no_thumbnails():
    data = SimpleNamespace(
        splits={"val": Tensors(torch.zeros(2, 4), torch.tensor([0, 1]))}, class_names=NAMES
    )
    showcase = ClassificationShowcase(every_epochs=1, samples=2, projected=3)
    assert showcase.projection(Bright(1), data).thumbnails == []
