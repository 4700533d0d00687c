"""Images in class folders: layouts, archives, sizes, modes, and what can be wrong with them."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bakeoff.errors import BakeoffError
from bakeoff.tasks.classification.image_folder import FetchedFolder, ImageFolder, pixels

COLOURS = {"cat": (200, 30, 40), "dog": (10, 150, 90)}


def save(path: Path, colour: object = (1, 2, 3), mode: str = "RGB", size: tuple = (9, 7)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)


def make(folder: Path, count: int = 3) -> Path:
    for name, colour in COLOURS.items():
        for number in range(count):
            save(folder / name / f"{number}.png", colour)
    return folder


def read(place: Path, tmp_path: Path, channels: int = 3, size: tuple = (4, 6)):
    return ImageFolder(str(place), str(tmp_path / "cache"), size, channels).load()


def packed(folder: Path, path: Path, inside: str = "") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, inside or ".")
    return path


def test_classes_are_the_sub_folders_in_order(tmp_path):
    found = read(make(tmp_path / "pets"), tmp_path)
    assert found.names == ("cat", "dog")
    source = ImageFolder(str(tmp_path / "pets"), "unused", (4, 6), 3)
    assert (source.names(), source.shape) == (found.names, (3, 4, 6))
    assert found.train.pixels.shape == (6, 3, 4, 6)
    assert found.train.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.train.pixels[0, :, 0, 0].tolist() == list(COLOURS["cat"])
    assert found.train.pixels[5, :, 3, 5].tolist() == list(COLOURS["dog"])
    assert found.val is None
    assert found.test is None


@pytest.mark.parametrize("inside", ["", "pets", "some/where"])
def test_an_archive_gives_what_its_folder_gives(tmp_path, inside):
    folder = make(tmp_path / "pets")
    save(folder / "cat" / "deeper" / "x.jpg")
    (folder / "cat" / ".hidden.png").write_text("not an image")
    (folder / "readme.txt").write_text("nor this")
    expected = read(folder, tmp_path)
    found = read(packed(folder, tmp_path / "pets.tar.gz", inside), tmp_path)
    assert found.names == expected.names
    order = [np.lexsort(f.train.pixels.reshape(len(f.train), -1).T) for f in (found, expected)]
    assert np.array_equal(found.train.pixels[order[0]], expected.train.pixels[order[1]])
    assert len(found.train) == 7


def test_split_folders_are_splits(tmp_path):
    for split, count in (("train", 4), ("val", 2), ("test", 1)):
        make(tmp_path / "pets" / split, count)
    found = read(tmp_path / "pets", tmp_path)
    assert [len(part) for part in (found.train, found.val, found.test)] == [8, 4, 2]


def test_modes_may_be_mixed(tmp_path):
    folder = make(tmp_path / "pets")
    save(folder / "cat" / "grey.png", 7, "L")
    save(folder / "cat" / "clear.png", (0, 0, 0, 0), "RGBA")
    save(folder / "cat" / "palette.gif", 3, "P")
    save(folder / "cat" / "black.png", 1, "1")
    save(folder / "cat" / "sixteen.png", 300, "I;16")
    save(folder / "cat" / "print.jpg", (0, 0, 0, 0), "CMYK")
    assert len(read(folder, tmp_path).train) == 12
    assert read(folder, tmp_path, channels=1).train.pixels.shape == (12, 1, 4, 6)


def content(mode: str, colour: object, size: tuple = (2, 2), kind: str = "png", **more) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **more)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGB", (9, 8, 7), [9, 8, 7]),
        ("L", 9, [9, 9, 9]),
        ("RGBA", (0, 0, 0, 0), [255, 255, 255]),  # on white paper
        ("RGBA", (9, 8, 7, 255), [9, 8, 7]),
        ("I;16", 300, [1, 1, 1]),  # the upper 8 bits
        ("1", 1, [255, 255, 255]),
    ],
)
def test_pixels_of_each_mode(mode, colour, expected):
    assert pixels(content(mode, colour), (2, 2), 3)[:, 0, 0].tolist() == expected


def test_proportions_are_kept_and_the_middle_is_shown():
    image = Image.new("L", (9, 3), 0)
    image.paste(255, (3, 0, 6, 3))
    buffer = io.BytesIO()
    image.save(buffer, "png")
    assert pixels(buffer.getvalue(), (3, 3), 1).tolist() == [[[255] * 3] * 3]


def test_a_camera_held_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees clockwise
    image = Image.new("L", (2, 1))
    image.putpixel((0, 0), 255)
    buffer = io.BytesIO()
    image.save(buffer, "png", exif=exif)
    assert pixels(buffer.getvalue(), (2, 1), 1).tolist() == [[[255], [0]]]


def test_they_are_decoded_once_until_a_file_changes(tmp_path, monkeypatch):
    folder = make(tmp_path / "pets")
    read(folder, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Image, "open", None)
        assert len(read(folder, tmp_path).train) == 6
    save(folder / "cat" / "new.png")
    assert len(read(folder, tmp_path).train) == 7


def broken(folder: Path) -> None:
    (folder / "cat" / "text.jpg").write_text("not an image")
    whole = (folder / "dog" / "0.png").read_bytes()
    (folder / "dog" / "half.png").write_bytes(whole[: len(whole) // 2])


def emptied(folder: Path) -> None:
    (folder / "bird").mkdir()
    (folder / "bird" / "notes.txt").write_text("no image")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (broken, r"2 of 8 image files cannot be decoded: cat/text.jpg .*dog/half.png .*replace or"),
        (emptied, "no images in the class folder bird of train"),
        (
            lambda folder: make(folder / "train") and make(folder / "extra"),
            "cat, dog, extra beside",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path, spoil, message):
    spoil(make(tmp_path / "pets"))
    with pytest.raises(BakeoffError, match=message):
        read(tmp_path / "pets", tmp_path)


def test_other_classes_in_another_split_are_named(tmp_path):
    make(tmp_path / "train")
    save(tmp_path / "test" / "cow" / "1.png")
    with pytest.raises(BakeoffError, match="the classes in test are cow, those in train cat, dog"):
        read(tmp_path, tmp_path / "elsewhere")


def test_no_folder_no_class_folders_and_no_archive_are_named(tmp_path):
    with pytest.raises(BakeoffError, match=r"no folder or archive of images at .*nowhere"):
        read(tmp_path / "nowhere", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BakeoffError, match="empty has no class folders"):
        read(tmp_path / "empty", tmp_path)
    (tmp_path / "not.tar.gz").write_text("text")
    with pytest.raises(BakeoffError, match="not a whole tar archive"):
        read(tmp_path / "not.tar.gz", tmp_path)
    whole = packed(make(tmp_path / "pets", 40), tmp_path / "pets.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BakeoffError, match="not a whole tar archive"):
        read(tmp_path / "half.tar.gz", tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"channels": 4}, "channels is 4: expected 1"), ({"size": [32]}, r"size is \[32\]: expected")],
)
def test_settings_out_of_range_are_named(change, message):
    settings = {"path": "x", "root": "y", "size": [8, 8], "channels": 3} | change
    with pytest.raises(BakeoffError, match=message):
        ImageFolder(**settings)


def test_airplanes_and_birds_of_the_mirror(tmp_path, mirror, monkeypatch):
    if not (mirror / "cifar2").is_dir():
        pytest.skip("the mirror holds no cifar2")
    monkeypatch.setenv("BAKEOFF_MIRROR", str(mirror))
    found = FetchedFolder("cifar2", str(tmp_path), [32, 32], 3).load()
    assert found.names == ("airplane", "bird")
    assert np.bincount(found.train.labels).tolist() == [5000, 5000]
    assert np.bincount(found.test.labels).tolist() == [1000, 1000]
    assert found.train.pixels.shape == (10_000, 3, 32, 32)
    assert found.train.pixels.mean() == pytest.approx(130, abs=15)
