"""The data module of classification."""

import numpy as np
import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.tasks.classification.data import ClassificationData, chosen_names
from bakeoff.tasks.classification.images import Collection, EmbeddedDigits, Images

SETTINGS = {
    "classes": None,
    "val": 0.18,
    "test": 0.15,
    "folds": None,
    "fold": 0,
    "seed": 0,
    "batch_size": 32,
}


class Colours:
    """40 RGB images of two colours, 2x3."""

    def __init__(self, bright: int = 200) -> None:
        self.bright = bright
        self.shape = (3, 2, 3)

    def names(self) -> tuple[str, ...]:
        return ("dark", "red")

    def load(self) -> Collection:
        labels = np.arange(40) % 2
        pixels = np.zeros((40, 3, 2, 3), np.uint8)
        pixels[:, 0] = (labels * self.bright)[:, None, None]
        pixels[:, 1] = 7
        return Collection(("dark", "red"), Images(pixels, labels))


def data(source=None, **change) -> ClassificationData:
    made = ClassificationData(source or EmbeddedDigits(), **SETTINGS | change)
    made.prepare_data()
    return made


def test_shapes_names_and_batches():
    digits = data()
    digits.setup("fit")
    assert digits.input_shape == (1, 8, 8)
    assert digits.output_shape == (10,)
    images, labels = next(iter(digits.train_dataloader()))
    assert images.shape == (32, 1, 8, 8)
    assert (images.dtype, labels.dtype) == (torch.uint8, torch.int64)
    assert set(digits.splits) == {"train", "val"}  # the test data stay closed
    digits.setup("test")
    sizes = {name: len(part) for name, part in digits.splits.items()}
    assert sizes == {"train": 1252, "val": 275, "test": 270}


def test_statistics_are_of_the_training_pixels_per_channel():
    colours = data(Colours())
    colours.setup("fit")
    mean, std = colours.statistics()
    images = colours.splits["train"].tensors[0].double()
    torch.testing.assert_close(mean.flatten().double(), images.mean(dim=(0, 2, 3)))
    expected = images.std(dim=(0, 2, 3), correction=0).clamp_min(1)
    torch.testing.assert_close(std.flatten().double(), expected)
    assert std.flatten()[1:].tolist() == [1, 1]  # a channel of one value


def test_some_classes_are_chosen_in_their_order():
    digits = data(classes=[7, 1])
    digits.setup("fit")
    assert digits.class_names == ("7", "1")
    assert digits.output_shape == (2,)
    images, labels = digits.splits["train"].tensors
    everything = EmbeddedDigits().load().train
    sevens = {image.tobytes() for image in everything.pixels[everything.labels == 7]}
    assert {image.tobytes() for image in images[labels == 0].numpy()} <= sevens


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (["cat", "dgo"], "no class 'dgo': expected some of cat, dog; did you mean 'dog'"),
        (["cat"], "the classes are cat: expected at least two"),
        (["cat", "cat"], "expected at least two, each once"),
        ([], "the classes are none"),
    ],
)
def test_a_wrong_choice_is_named(classes, message):
    with pytest.raises(BakeoffError, match=message):
        chosen_names(("cat", "dog"), classes)


def test_one_class_only_is_refused():
    with pytest.raises(BakeoffError, match="the classes are cat: expected at least two"):
        chosen_names(("cat",), None)


def test_the_fingerprint_follows_content_and_splits_but_not_the_fold():
    found = data(Colours(), folds=4).fingerprint
    assert data(Colours(), folds=4, fold=2).fingerprint == found
    others = {
        data(Colours(bright=199), folds=4).fingerprint,
        data(Colours(), folds=4, seed=1).fingerprint,
        data(Colours(), folds=5).fingerprint,
        data(Colours(), folds=4, classes=["red", "dark"]).fingerprint,
    }
    assert len(others | {found}) == 5


def test_a_source_is_read_once_for_everything_that_a_training_asks_for():
    class Counted(Colours):
        loads = 0

        def load(self) -> Collection:
            self.loads += 1
            return super().load()

    made = data(Counted())
    assert made.fingerprint == data(Colours()).fingerprint
    made.setup("fit")
    made.prepare_data()  # Lightning's trainer calls both again
    made.setup("fit")
    made.setup("test")
    assert made.built_for["output_shape"] == (2,)
    assert made.source.loads == 1


class Parted:
    """Images with splits of their own; one of `bright`, by split, is brighter."""

    shape = (3, 2, 3)

    def __init__(self, bright: str = "", first_label: str = "") -> None:
        self.bright = bright
        self.first_label = first_label

    def names(self) -> tuple[str, ...]:
        return ("dark", "red")

    def load(self) -> Collection:
        parts = {}
        for level, split in enumerate(("train", "val", "test"), start=1):
            pixels = np.full((4, 3, 2, 3), 50 * level, np.uint8)
            pixels[0] += 9 * (split == self.bright)
            labels = np.array([0, 1, 0, 1])
            labels[0] ^= split == self.first_label
            parts[split] = Images(pixels, labels)
        return Collection(self.names(), **parts)


def test_the_fingerprint_covers_pixels_and_labels_of_every_split():
    splits = ("train", "val", "test")
    sources = [Parted(), *(Parted(bright=split) for split in splits)]
    sources += [Parted(first_label=split) for split in splits]
    assert len({data(source).fingerprint for source in sources}) == 7


def test_no_other_split_than_training_reaches_the_statistics():
    parted = data(Parted())
    parted.setup("fit")
    parted.setup("test")
    mean, std = parted.statistics()
    assert mean.flatten().tolist() == [50, 50, 50]
    assert std.flatten().tolist() == [1, 1, 1]  # a single value
    for split, level in (("train", 50), ("val", 100), ("test", 150)):
        assert parted.splits[split].tensors[0].unique().tolist() == [level]
