"""PNG and JPEG files of anybody's."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from bakeoff.errors import BakeoffError

SUFFIXES = (".png", ".jpg", ".jpeg")
FORMATS = ("PNG", "JPEG")
# Of an image that is decoded: 3 bytes each; the largest cameras make 150 million.
MOST_PIXELS = 160_000_000
LONGEST_SIDE = 65_500  # of a JPEG


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
    if path.exists() and not path.is_file():  # a FIFO would be waited for
        raise BakeoffError(f"{path} is not a file: expected a PNG or JPEG file")
    try:
        with _opened(path) as file:
            if file.width * file.height > MOST_PIXELS or max(file.size) > LONGEST_SIDE:
                raise BakeoffError(
                    f"{path} is too large: {file.width:,} x {file.height:,} pixels, expected at most "
                    f"{MOST_PIXELS:,}, and {LONGEST_SIDE:,} on a side"
                )
            image = ImageOps.exif_transpose(file)
            image.load()
    except Image.UnidentifiedImageError:
        raise BakeoffError(f"{path} is not an image: expected a PNG or JPEG file") from None
    except OSError as error:
        raise BakeoffError(f"cannot read {path}: {error.strerror or error}") from None
    except (Image.DecompressionBombError, ValueError, SyntaxError, MemoryError) as error:
        raise BakeoffError(f"{path} is damaged or too large: {error}") from None
    return as_rgb(image)


def _opened(path: Path) -> Image.Image:
    """An image of which only the header is read, without Pillow's warning of a large one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(path, formats=FORMATS)


def as_rgb(image: Image.Image) -> Image.Image:
    """An image of any mode as RGB: 16 bits a pixel cut to the upper 8, transparency on white."""
    if image.mode.startswith("I"):  # Pillow would cut off all above 255
        levels = np.asarray(image).astype(np.int64).clip(0, (1 << 16) - 1) >> 8
        image = Image.fromarray(levels.astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")
