"""Showcase pictures: the right images, with their boxes in the right places."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image, ImageColor
from torch import Tensor, tensor

from bakeoff.data.batches import Tensors
from bakeoff.images.drawing import PREDICTED, STRIP, TRUE
from bakeoff.tasks.localization.showcase import COLUMNS, LocalizationShowcase

NAMES = [str(n) for n in range(10)]
HEIGHT, WIDTH, SCALE, GAP = 16, 32, 4, 6
TILE = (WIDTH * SCALE, HEIGHT * SCALE + STRIP)
GREEN, PINK = ImageColor.getrgb(TRUE), ImageColor.getrgb(PREDICTED)


def output(confidence: float, box: list[float], label: int) -> list[float]:
    return [confidence, *box, *(5.0 if i == label else 0.0 for i in range(10))]


# Columns 8 to 15 and rows 4 to 11 of an image; beside it, columns 20 to 27.
TRUE_BOX = [12 / 32, 8 / 16, 8 / 32, 8 / 16]
BESIDE = [24 / 32, 8 / 16, 8 / 32, 8 / 16]


def tiles(picture: Image.Image) -> list[Image.Image]:
    columns = (picture.width + GAP) // (TILE[0] + GAP)
    rows = (picture.height + GAP) // (TILE[1] + GAP)
    corners = [
        ((TILE[0] + GAP) * c, (TILE[1] + GAP) * r) for r in range(rows) for c in range(columns)
    ]
    return [picture.crop((x, y, x + TILE[0], y + TILE[1])) for x, y in corners]


def images(count: int) -> Tensor:
    """Image i is even, of the grey level 10 i: a tile says which image it shows."""
    return (
        (10 * torch.arange(count)).to(torch.uint8)[:, None, None, None].expand(-1, 1, HEIGHT, WIDTH)
    )


def shown(picture: Image.Image) -> list[int]:
    """The numbers of the images, from the pixel in the corner of each tile."""
    return [
        tile.getpixel((0, 0))[0] // 10 for tile in tiles(picture) if tile.getpixel((0, 0))[0] < 255
    ]


def one(confidence: float, target: list[float], box: list[float] = BESIDE) -> Image.Image:
    showcase = LocalizationShowcase(every_epochs=1, samples=1)
    answer = tensor([output(confidence, box, 3)])
    return showcase.pictures(images(1), answer, tensor([target]), NAMES, seed=0)["samples"]


def test_true_and_predicted_boxes_are_drawn_where_they_are():
    picture = one(2.0, [1, *TRUE_BOX, 3])
    assert picture.size == TILE
    # Four times enlarged; the lines lie inside the boxes, two pixels wide.
    for x in (32, 33, 62, 63):
        for y in (16, 17, 46, 47):
            assert picture.getpixel((x, y)) == GREEN
            assert picture.getpixel((x + 48, y)) == PINK
    for x, y in ((31, 16), (64, 16), (32, 15), (32, 48), (34, 18), (61, 45)):
        assert picture.getpixel((x, y)) == (0, 0, 0)


def count(picture: Image.Image, colour: tuple[int, int, int]) -> int:
    """Pixels of a colour in the image itself, above the line of text."""
    pixels = np.asarray(picture)[: HEIGHT * SCALE]
    return int((pixels == colour).all(axis=2).sum())


def test_only_what_is_there_or_claimed_has_a_box():
    digit, nothing = [1.0, *TRUE_BOX, 3.0], [0.0] * 6
    box = 32**2 - 28**2  # a line of 2 pixels inside 32x32
    found = {
        (confidence, target[0]): (count(picture, GREEN), count(picture, PINK))
        for confidence in (2.0, -2.0)
        for target in (digit, nothing)
        for picture in [one(confidence, target)]
    }
    assert found == {(2, 1): (box, box), (-2, 1): (box, 0), (2, 0): (0, box), (-2, 0): (0, 0)}


def test_the_line_of_text_differs_with_what_it_says():
    right, other = [1.0, *TRUE_BOX, 3.0], [1.0, *TRUE_BOX, 4.0]
    captions = [
        np.asarray(one(2.0, target))[HEIGHT * SCALE :].tobytes() for target in (right, other)
    ]
    assert captions[0] != captions[1]


def mistakes() -> tuple[Tensor, Tensor, list[float]]:
    """Six answers and their scores: right class plus IoU; for empty images 2 or 0."""
    digit, half = [1.0, *TRUE_BOX, 3.0], [12 / 32, 8 / 16, 8 / 32, 4 / 16]
    cases = [
        (output(2, TRUE_BOX, 3), digit, 1 + 1),
        (output(2, half, 3), digit, 1 + 1 / 2),
        (output(-2, BESIDE, 3), digit, 0 + 0),  # not found, elsewhere
        (output(2, TRUE_BOX, 4), digit, 0 + 1),  # wrong class
        (output(2, TRUE_BOX, 3), [0.0] * 6, 0),  # nothing there
        (output(-2, BESIDE, 3), [0.0] * 6, 2),  # empty, and said so
        (output(2, half, 4), digit, 0 + 1 / 2),
    ]
    outputs, targets, scores = zip(*cases, strict=True)
    return tensor(outputs), tensor(targets), list(scores)


@pytest.mark.parametrize("samples", [1, 3, 5, 7, 12])
def test_the_worst_mistakes_are_the_worst_and_come_first(samples):
    outputs, targets, scores = mistakes()
    showcase = LocalizationShowcase(every_epochs=1, samples=samples)
    picture = showcase.pictures(images(7), outputs, targets, NAMES, seed=0)["worst mistakes"]
    expected = sorted(range(7), key=lambda i: scores[i])[:samples]
    assert shown(picture) == expected


def test_samples_follow_the_seed_and_hold_no_image_twice():
    outputs, targets, _ = mistakes()
    showcase = LocalizationShowcase(every_epochs=1, samples=5)

    def samples(seed: int) -> list[int]:
        return shown(showcase.pictures(images(7), outputs, targets, NAMES, seed)["samples"])

    assert samples(0) == samples(0)
    assert len(set(samples(0))) == 5
    assert len({tuple(samples(seed)) for seed in range(5)}) > 1


def test_pictures_stand_in_a_grid():
    outputs, targets, _ = mistakes()
    showcase = LocalizationShowcase(every_epochs=1, samples=7)
    picture = showcase.pictures(images(7), outputs, targets, NAMES, seed=0)["samples"]
    width, height = TILE
    assert picture.size == (COLUMNS * (width + GAP) - GAP, 2 * (height + GAP) - GAP)


def test_float_images_are_stretched_to_what_can_be_seen():
    showcase = LocalizationShowcase(every_epochs=1, samples=1)
    image = torch.full((1, 1, HEIGHT, WIDTH), -1.5)
    image[..., -1, -1] = 2.5
    image[..., 0, 0] = 0.5  # in the middle between them
    answer, target = tensor([output(-2, BESIDE, 3)]), torch.zeros(1, 6)
    picture = showcase.pictures(image, answer, target, NAMES, seed=0)["samples"]
    levels = [picture.getpixel((SCALE * x, SCALE * y))[0] for x, y in ((1, 1), (0, 0), (31, 15))]
    assert levels == [0, 127, 255]


class Net(torch.nn.Module):
    """Answers every image alike."""

    device = torch.device("cpu")

    def forward(self, x: Tensor) -> Tensor:
        return tensor([output(2, BESIDE, 3)]).expand(len(x), -1)

    def read(self, x: Tensor, state: None) -> tuple[Tensor, None]:
        return self(x), state


@pytest.mark.parametrize(("split", "first"), [("val", 0), ("test", 5)])
def test_exhibits_show_images_of_the_split_that_was_asked_for(split, first):
    targets = tensor([[1.0, *TRUE_BOX, 3.0]]).expand(5, -1)
    splits = {"val": Tensors(images(10)[:5], targets), "test": Tensors(images(10)[5:], targets)}
    data = SimpleNamespace(splits=splits, class_names=NAMES, batch_size=2)
    showcase = LocalizationShowcase(every_epochs=1, samples=5)
    for picture in showcase.exhibits(Net(), data, split, seed=0).values():
        assert sorted(shown(picture)) == list(range(first, first + 5))


def logged() -> list[tuple[str, np.ndarray, int]]:
    calls = []

    def add_summary(summary, step):
        [value] = summary.value
        picture = Image.open(io.BytesIO(value.image.encoded_image_string))
        calls.append((value.tag, np.asarray(picture), step))

    writer = SimpleNamespace(add_summary=add_summary)
    targets = tensor([[1.0, *TRUE_BOX, 3.0]]).expand(9, -1)
    data = SimpleNamespace(splits={"val": Tensors(images(9), targets)}, class_names=NAMES)
    trainer = SimpleNamespace(
        sanity_checking=False,
        current_epoch=0,
        max_epochs=10,
        global_step=77,
        datamodule=data,
        logger=SimpleNamespace(experiment=SimpleNamespace(file_writer=writer)),
    )
    showcase = LocalizationShowcase(every_epochs=4, samples=5)
    showcase.on_validation_epoch_end(trainer, Net())
    return calls


def test_the_first_validation_images_are_logged():
    [(name, picture, step)] = logged()
    assert (name, step) == ("validation", 77)
    assert shown(Image.fromarray(picture)) == [0, 1, 2, 3, 4]
