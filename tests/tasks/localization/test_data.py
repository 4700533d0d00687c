"""Localization data: each digit where its target says, in one split, as often as promised."""

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from bakeoff.data.split_names import SPLITS
from bakeoff.errors import BakeoffError
from bakeoff.images.digits import Digits, EmbeddedDigits
from bakeoff.store.paths import conf_dir
from bakeoff.tasks.boxes.canvas import VISIBLE, Distortion, Noise
from bakeoff.tasks.localization.data import LocalizationData, canvases

CLEAN = Noise(level=0, coarse=0, cell=12, pixel=0)
NOISY = Noise(level=0.4, coarse=0.22, cell=12, pixel=0.4)
UPRIGHT = Distortion(scale=(1.0, 1.0), rotation=0.0)
POOLS = {"train": 30, "val": 12, "test": 18}


class Bars:
    """Digits that can be told apart by their size: the n-th is 4 + 3 (n % 10) wide, 4 + 3 (n // 10) high.

    The 60 of them are dealt to the splits in turn; labels are n % 10.
    """

    pixels = 1.0

    def __init__(self) -> None:
        self.loads = 0

    def fingerprint(self) -> str:
        return "bars"

    def load(self) -> dict[str, Digits]:
        self.loads += 1
        images = np.zeros((60, 20, 32), np.uint8)
        for n, image in enumerate(images):
            image[: 4 + 3 * (n // 10), : 4 + 3 * (n % 10)] = 200
        digits = Digits(images, np.arange(60).astype(np.uint8) % 10)
        return {"train": digits[:30], "val": digits[30:42], "test": digits[42:]}


def make(root: Path, **changes) -> LocalizationData:
    """One canvas for each of the bars, none empty, upright and without noise, but for `changes`."""
    settings = {
        "source": Bars(),
        "sizes": POOLS,
        "height": 48,
        "width": 60,
        "empty": 0.0,
        "distortion": UPRIGHT,
        "noise": CLEAN,
        "seed": 0,
        "batch_size": 8,
    }
    return LocalizationData(root=str(root), **(settings | changes))


def loaded(data: LocalizationData) -> LocalizationData:
    data.setup("fit")
    data.setup("test")
    return data


def which(targets: torch.Tensor) -> list[int]:
    """The numbers of the bars, from the sizes of their boxes (exact up to a pixel)."""
    size = targets[:, 3:5] * torch.tensor([60, 48])
    column, row = ((size - 4) / 3).round().int().T
    assert (size - 4 - 3 * torch.stack([column, row], 1)).abs().max() <= 1
    return (10 * row + column).tolist()


# What is generated


def test_every_digit_is_used_once_and_in_its_own_split(tmp_path):
    data = loaded(make(tmp_path))
    used = {split: which(data.splits[split].tensors[1]) for split in SPLITS}
    assert {split: sorted(numbers) for split, numbers in used.items()} == {
        "train": list(range(30)),
        "val": list(range(30, 42)),
        "test": list(range(42, 60)),
    }
    for split, numbers in used.items():
        assert numbers != sorted(numbers)  # in random order
        assert data.splits[split].tensors[1][:, 5].tolist() == [n % 10 for n in numbers]


def test_more_canvases_than_digits_use_the_digits_equally_often(tmp_path):
    data = make(tmp_path, sizes={"train": 75, "val": 5, "test": 18})
    data.setup("fit")
    times = Counter(which(data.splits["train"].tensors[1]))
    assert len(times) == 30
    assert sorted(times.values()) == [2] * 15 + [3] * 15
    assert len(set(which(data.splits["val"].tensors[1]))) == 5


def test_batches_are_raw_images_and_their_targets(tmp_path):
    data = loaded(make(tmp_path))
    images, targets = next(iter(data.train_dataloader()))
    assert (images.shape, images.dtype) == ((8, 1, 48, 60), torch.uint8)
    assert (targets.shape, targets.dtype) == ((8, 6), torch.float32)
    assert (data.input_shape, data.output_shape) == ((1, 48, 60), (15,))
    sizes = [
        sum(len(target) for _, target in loader)
        for loader in (data.train_dataloader(), data.val_dataloader(), data.test_dataloader())
    ]
    assert sizes == [30, 12, 18]


def test_boxes_are_where_the_ink_is(tmp_path):
    data = loaded(make(tmp_path, distortion=Distortion((0.7, 1.2), 0.3)))
    for split in SPLITS:
        for image, target in zip(*data.splits[split].tensors, strict=True):
            rows, columns = np.nonzero(image[0].numpy() >= VISIBLE)
            x0, x1, y0, y1 = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
            expected = [(x0 + x1) / 120, (y0 + y1) / 96, (x1 - x0) / 60, (y1 - y0) / 48]
            assert target[1:5].tolist() == pytest.approx(expected)


def embedded(empty: float) -> tuple[np.ndarray, np.ndarray]:
    made = canvases(
        EmbeddedDigits().load()["train"],
        pixels=2.5,
        height=48,
        width=60,
        empty=empty,
        distortion=Distortion((0.7, 1.4), 0.6),
        noise=Noise(level=0.4, coarse=0.2, cell=12, pixel=0.2),  # never clipped
        seed=0,
    )
    return made["images"], made["targets"]


def test_targets_lie_in_the_unit_square_and_empty_ones_are_zero():
    _, targets = embedded(empty=0.3)
    present = targets[:, 0] == 1
    box, label = targets[:, 1:5], targets[:, 5]
    assert set(targets[:, 0].tolist()) == {0.0, 1.0}
    assert (box[:, :2] - box[:, 2:] / 2 >= -1e-6).all()
    assert (box[:, :2] + box[:, 2:] / 2 <= 1 + 1e-6).all()
    assert (box[present, 2:] > 0.1).all()
    assert set(label[present].tolist()) == set(range(10))
    assert not targets[~present].any()


def test_the_share_of_empty_canvases_is_the_one_asked_for():
    count = 1257
    empty = count - embedded(empty=0.3)[1][:, 0].sum()
    deviation = (count * 0.3 * 0.7) ** 0.5  # of a binomial distribution
    assert abs(empty - 0.3 * count) < 3 * deviation
    assert embedded(empty=0.0)[1][:, 0].all()


def test_an_empty_canvas_holds_noise_alone():
    images, targets = embedded(empty=0.5)
    present = targets[:, 0] == 1
    # Rounded down twice: a level less.
    assert images[~present].mean() == pytest.approx(0.4 * 255 - 1, abs=0.5)
    assert images[present].mean() > 0.4 * 255 + 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"empty": 1.0}, r"data.empty is 1.0: expected a share in \[0, 1\)"),
        ({"empty": -0.1}, "data.empty is -0.1"),
        ({"sizes": POOLS | {"val": 0}}, r"data.sizes: {'val': 0}: expected at least one canvas"),
    ],
)
def test_impossible_settings_are_refused(tmp_path, changes, message):
    with pytest.raises(BakeoffError, match=message):
        make(tmp_path, **changes)


def test_a_canvas_that_is_too_small_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(BakeoffError, match=r"canvas of 9x60 .* is too small: .* needs"):
        make(tmp_path, height=9).prepare_data()
    assert not list(tmp_path.iterdir())


# Seeds and threads


def contents(data: LocalizationData) -> list[bytes]:
    loaded(data)
    return [part.numpy().tobytes() for split in SPLITS for part in data.splits[split].tensors]


def test_the_number_of_threads_does_not_matter(tmp_path, monkeypatch):
    made = {}
    for count in (1, 7):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        sizes = {"train": 1300, "val": 20, "test": 20}  # several chunks
        data = make(
            tmp_path / str(count), source=EmbeddedDigits(), sizes=sizes, noise=NOISY, empty=0.1
        )
        made[count] = contents(data)
    assert made[1] == made[7]


def test_chunks_differ(tmp_path):
    # The same 30 digits again and again: no two canvases of them are equal.
    data = make(tmp_path, sizes={"train": 1100, "val": 1, "test": 1}, noise=NOISY)
    data.setup("fit")
    images = data.splits["train"].tensors[0]
    assert len({image.numpy().tobytes() for image in images}) == 1100


def test_the_fingerprint_is_stable_and_follows_the_seed(tmp_path):
    fingerprint = make(tmp_path / "a").fingerprint
    assert make(tmp_path / "b").fingerprint == fingerprint
    assert make(tmp_path / "a", seed=1).fingerprint != fingerprint
    assert make(tmp_path / "a", batch_size=3).fingerprint == fingerprint


def test_another_seed_gives_other_canvases_in_another_order(tmp_path):
    one, other = loaded(make(tmp_path, seed=0)), loaded(make(tmp_path, seed=1))
    assert not set(contents(one)) & set(contents(other))
    for split in SPLITS:
        orders = [which(data.splits[split].tensors[1]) for data in (one, other)]
        assert orders[0] != orders[1]


# The cache


def cache(root: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in root.iterdir()}


def test_what_was_generated_is_used_again(tmp_path):
    first = make(tmp_path)
    first.prepare_data()
    written = cache(tmp_path)
    assert len(written) == 3
    again = make(tmp_path)
    again.prepare_data()
    assert contents(again) == contents(first)
    assert cache(tmp_path) == written
    assert (first.generated.source.loads, again.generated.source.loads) == (1, 0)


CHANGES = [
    {"seed": 1},
    {"sizes": POOLS | {"train": 31, "val": 11, "test": 19}},
    {"height": 50},
    {"empty": 0.5},
    {"distortion": Distortion((1.0, 1.1), 0.0)},
    {"noise": NOISY},
    {"source": EmbeddedDigits()},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: next(iter(changes)))
def test_other_settings_have_files_of_their_own(tmp_path, changes):
    before = contents(make(tmp_path))
    other = contents(make(tmp_path, **changes))
    assert len(cache(tmp_path)) == 6
    assert other != before
    assert contents(make(tmp_path)) == before


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1  # of a pixel
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [truncate, flip_a_bit, empty])
def test_a_damaged_cache_is_made_again(tmp_path, damage, caplog):
    expected = contents(make(tmp_path))
    [path] = tmp_path.glob("localization-train-*.npz")
    damage(path)
    again = make(tmp_path)
    assert contents(again) == expected
    assert again.generated.source.loads == 1
    assert f"{path} is damaged" in caplog.text
    untouched = make(tmp_path)
    assert contents(untouched) == expected
    assert untouched.generated.source.loads == 0


# Evidence


def test_training_does_not_read_the_test_data(tmp_path):
    data = make(tmp_path)
    data.setup("fit")
    assert set(data.splits) == {"train", "val"}
    assert not list(tmp_path.glob("localization-test-*"))


def test_statistics_are_those_of_the_training_pixels(tmp_path):
    data = make(tmp_path, source=EmbeddedDigits(), noise=NOISY)
    data.setup("fit")
    mean, std = data.statistics()
    pixels = data.splits["train"].tensors[0].numpy().astype(np.float64)
    assert (float(mean), float(std)) == pytest.approx((pixels.mean(), pixels.std()))
    everything = np.concatenate([part.tensors[0].numpy() for part in data.splits.values()])
    assert float(mean) != pytest.approx(everything.mean())
    loaded(data)
    assert data.statistics() == (mean, std)


def test_the_order_of_training_follows_the_seed_of_the_run(tmp_path):
    data = make(tmp_path)
    data.setup("fit")

    def order(seed: int) -> list[int]:
        torch.manual_seed(seed)
        return which(torch.cat([target for _, target in data.train_dataloader()]))

    assert order(0) == order(0) != order(1)
    assert sorted(order(0)) == list(range(30))


def test_canvases_of_mnist_look_like_the_courses(mirror, monkeypatch, tmp_path):
    monkeypatch.setenv("BAKEOFF_MIRROR", str(mirror))
    with initialize_config_dir(str(conf_dir()), version_base=None):
        config = compose("config", ["data=localization/mnist", f"data_dir={tmp_path}"]).data
    assert config.sizes == {"train": 54_000, "val": 6_000, "test": 10_000}  # each digit once
    config.sizes = {"train": 2000, "val": 10, "test": 10}
    data = instantiate(config, _convert_="all")
    data.setup("fit")
    mean, std = data.statistics()
    assert float(mean) / 255 == pytest.approx(0.42, abs=0.01)
    assert float(std) / 255 == pytest.approx(0.21, abs=0.01)
