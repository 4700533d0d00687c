"""PNG and JPEG files of anybody's."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from bakeoff.errors import BakeoffError

SUFFIXES = (".png", ".jpg", ".jpeg")
FORMATS = ("PNG", "JPEG")


def find(places: Sequence[Path]) -> list[Path]:
    """The files in `places`, for a folder its images (by suffix) in the order of their names.

    Raises BakeoffError for a folder without images.
    """
    files: list[Path] = []
    for place in places:
        if not place.is_dir():
            files.append(place)
            continue
        inside = sorted(path for path in place.iterdir() if path.suffix.lower() in SUFFIXES)
        if not inside:
            raise BakeoffError(f"{place} holds no image: expected files that end in {SUFFIXES}")
        files += inside
    return files


def read(path: Path) -> Image.Image:
    """The image in a PNG or JPEG file as RGB: upright, as its camera says, and on white where it is
    transparent. Raises BakeoffError where the file is missing, damaged, too large or something else.
    """
    try:
        with Image.open(path, formats=FORMATS) as file:
            image = ImageOps.exif_transpose(file)
            image.load()
    except Image.UnidentifiedImageError:
        raise BakeoffError(f"{path} is not an image: expected a PNG or JPEG file") from None
    except OSError as error:
        raise BakeoffError(f"cannot read {path}: {error.strerror or error}") from None
    except (Image.DecompressionBombError, ValueError, SyntaxError) as error:
        raise BakeoffError(f"{path} is damaged or too large: {error}") from None
    return as_rgb(image)


def as_rgb(image: Image.Image) -> Image.Image:
    """An image of any mode as RGB: 16 bits a pixel cut to the upper 8, transparency on white."""
    if image.mode.startswith("I"):  # Pillow would cut off all above 255
        levels = np.asarray(image).astype(np.int64).clip(0, (1 << 16) - 1) >> 8
        image = Image.fromarray(levels.astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")
