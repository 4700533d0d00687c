"""Anybody's image files: what is read, how, and what is refused."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bakeoff.errors import BakeoffError
from bakeoff.images.image_files import find, read


def test_find_takes_files_as_they_are_and_the_images_of_folders(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("b.PNG", "a.jpeg", "c.jpg", "notes.txt"):
        (folder / name).touch()
    found = find([tmp_path / "odd.bin", folder])
    assert [path.name for path in found] == ["odd.bin", "a.jpeg", "b.PNG", "c.jpg"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(BakeoffError, match="empty holds no image"):
        find([tmp_path / "empty"])


def test_16_bits_keep_their_order_of_magnitude(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.array([[0, 256 * 100, 65535]], np.uint16)).save(path)
    assert np.asarray(read(path))[0, :, 0].tolist() == [0, 100, 255]


def test_what_is_transparent_is_white(tmp_path):
    path = tmp_path / "clear.png"
    image = Image.new("RGBA", (2, 1), (10, 20, 30, 255))
    image.putpixel((0, 0), (0, 0, 0, 0))
    image.save(path)
    assert np.asarray(read(path))[0].tolist() == [[255, 255, 255], [10, 20, 30]]


def test_a_camera_held_upright(tmp_path):
    path = tmp_path / "upright.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it
    Image.new("RGB", (40, 20)).save(path, exif=exif)
    assert read(path).size == (20, 40)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not an image: expected a PNG or JPEG file"),
        (b"hello", "is not an image"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "is not an image"),
        (None, "cannot read .*: No such file"),
    ],
)
def test_what_is_no_image_is_refused(tmp_path, content, message):
    path = tmp_path / "x.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BakeoffError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_truncated_images_are_refused(tmp_path: Path, kind):
    whole = tmp_path / "whole"
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(whole, kind)
    half = tmp_path / "half"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(BakeoffError, match=re.escape(str(half))):
        read(half)
