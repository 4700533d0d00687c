"""Images in a folder, or an archive of one, with one sub-folder per class: decoded once."""

import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from bakeoff.data.array_cache import cached
from bakeoff.data.catalog import find
from bakeoff.data.download.fetch import fetch
from bakeoff.data.split_names import SPLITS
from bakeoff.data.tracked import tracked
from bakeoff.errors import BakeoffError
from bakeoff.identity.cores import usable_cores
from bakeoff.images.crop import crop
from bakeoff.images.image_files import as_rgb
from bakeoff.store.digest import digest
from bakeoff.tasks.classification.file_tree import FileTree, Parts, open_tree
from bakeoff.tasks.classification.images import Collection, Images

MODES = {1: "L", 3: "RGB"}
CHUNK = 512  # files in memory at a time
NAMED = 5  # files that an error names
REVISION = 1  # of the decoding: another one makes other pixels of the same files

Layout = dict[str, dict[str, list[Parts]]]  # split -> class -> files


class ImageFolder:
    """`path`/CLASS/FILE, or `path`/SPLIT/CLASS/FILE with splits train, val, test (val and test may be
    missing), in a folder or a tar archive.

    Images of any size and mode become `size` (height, width), cut to its proportions around the centre,
    with 1 channel (grey) or 3 (RGB), and are kept in a cache below `root`.
    """

    def __init__(self, path: str, root: str, size: Sequence[int], channels: int) -> None:
        if channels not in MODES:
            raise BakeoffError(f"data.source.channels is {channels}: expected 1 (grey) or 3 (RGB)")
        if len(size) != 2 or min(size) < 1:
            raise BakeoffError(f"data.source.size is {size}: expected [height, width] in pixels")
        self.path = Path(path).expanduser()
        self.root = Path(root)
        self.size = tuple(size)
        self.channels = channels
        self.shape = (channels, *size)

    @staticmethod
    def files(path: str, **_: Any) -> dict[str, list[Path]]:
        """The images in a folder, or the archive, by the setting that names them."""
        place = Path(path).expanduser()
        if not place.is_dir():
            return {"path": [place]}
        return {"path": [place.joinpath(*parts) for parts in images_in(open_tree(place))]}

    def names(self) -> tuple[str, ...]:
        """The class folders' names, sorted."""
        return tuple(layout(open_tree(self.path), self.path)["train"])

    def load(self) -> Collection:
        """Raises BakeoffError that names the folders or files at fault."""
        files = open_tree(self.path)
        found = layout(files, self.path)
        names = tuple(found["train"])
        key = digest([files.digest, self.size, self.channels, REVISION])
        arrays = cached(self.root / f"images-{key[:16]}.npz", lambda: self._decode(files, found))
        parts = {}
        for split, classes in found.items():
            labels = [np.full(len(classes[name]), i) for i, name in enumerate(names)]
            parts[split] = Images(arrays[split], np.concatenate(labels))
        return Collection(names, **parts)

    def _decode(self, files: FileTree, found: Layout) -> dict[str, np.ndarray]:
        arrays, places, broken = {}, {}, []
        for split, classes in found.items():
            paths = [path for members in classes.values() for path in members]
            arrays[split] = np.empty((len(paths), self.channels, *self.size), np.uint8)
            places |= {path: (split, row) for row, path in enumerate(paths)}

        def decode(item: tuple[Parts, bytes]) -> None:
            path, content = item
            split, row = places[path]
            try:
                arrays[split][row] = pixels(content, self.size, self.channels)
            except UNREADABLE as error:
                broken.append(f"{'/'.join(path)} ({error or type(error).__name__})")

        wanted = (item for item in files.contents() if item[0] in places)
        waiting = tracked(wanted, f"decoding {len(places):,} images", len(places))
        with ThreadPoolExecutor(usable_cores()) as threads, warnings.catch_warnings():
            # What Pillow can mend, such as odd metadata, is mended; what it cannot, it raises.
            warnings.simplefilter("ignore")
            for chunk in _chunks(waiting):
                list(threads.map(decode, chunk))
        if broken:
            some = ", ".join(sorted(broken)[:NAMED]) + (", ..." if len(broken) > NAMED else "")
            raise BakeoffError(
                f"{self.path}: {len(broken)} of {len(places)} image files cannot be decoded: {some}; "
                "replace or remove them"
            )
        return arrays


class FetchedFolder:
    """A data set of the catalog whose one file is an archive of images in class folders."""

    def __init__(self, name: str, root: str, size: Sequence[int], channels: int) -> None:
        self.file = find(name).files[0]
        self.root = Path(root)
        self.settings = {"root": root, "size": size, "channels": channels}
        self.shape = (channels, *size)

    def names(self) -> tuple[str, ...]:
        """The class folders' names, sorted."""
        return self._folder().names()

    def load(self) -> Collection:
        """As ImageFolder, downloaded where it is missing."""
        return self._folder().load()

    def _folder(self) -> ImageFolder:
        return ImageFolder(str(fetch(self.file, self.root)), **self.settings)


# Pillow raises these for what is no image, or half of one; a "decompression bomb" has more than 179
# million pixels.
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)


def pixels(content: bytes, size: tuple[int, int], channels: int) -> np.ndarray:
    """An image file's content as (channels, height, width) uint8, upright, in the middle cut to `size`.

    Transparency shows white; 16-bit grey levels keep their upper 8 bits. Raises one of UNREADABLE.
    """
    height, width = size
    with Image.open(io.BytesIO(content)) as file:
        if file.mode == "F":
            raise ValueError("floating-point pixels: expected 8 or 16 bits")
        image = as_rgb(ImageOps.exif_transpose(file)).convert(MODES[channels])
        middle = crop(image, (width, height))
    return np.asarray(middle).reshape(height, width, channels).transpose(2, 0, 1)


def layout(files: FileTree, path: Path) -> Layout:
    """Which files are of which class and split; without splits all are in `train`.

    Raises BakeoffError where there is no class folder, one without images, or another class in one
    split than in the others.
    """
    images = images_in(files)
    top: Parts = ()
    # An archive often holds everything in one folder.
    while len(inner := _folders(files, top)) == 1 and _folders(files, (*top, inner[0])):
        top = (*top, inner[0])
    splits = {"train": top}
    if "train" in inner and _folders(files, (*top, "train")):
        if unknown := set(inner) - set(SPLITS):
            raise BakeoffError(
                f"{path}: folders {', '.join(sorted(unknown))} beside train: expected "
                f"{', '.join(SPLITS)} only, each with a sub-folder per class"
            )
        splits = {split: (*top, split) for split in SPLITS if split in inner}
    found: Layout = {}
    for split, folder in splits.items():
        depth = len(folder)
        found[split] = {name: [] for name in _folders(files, folder)}
        for image in images:
            if image[:depth] == folder and len(image) > depth + 1:
                found[split][image[depth]].append(image)
    _check(found, path)
    return found


def images_in(files: FileTree) -> list[Parts]:
    """The files that have the name of an image."""
    suffixes = set(Image.registered_extensions())
    return [parts for parts in files.files if Path(parts[-1]).suffix.lower() in suffixes]


def _folders(files: FileTree, parent: Parts) -> list[str]:
    """The names of the folders directly in `parent`, sorted."""
    depth = len(parent)
    return sorted({p[depth] for p in files.folders if len(p) == depth + 1 and p[:depth] == parent})


def _check(found: Layout, path: Path) -> None:
    names = list(found["train"])
    if not names:
        raise BakeoffError(
            f"{path} has no class folders: expected a sub-folder with images for every class, such as "
            f"{path / 'cat' / '1.jpg'}"
        )
    for split, classes in found.items():
        if list(classes) != names:
            raise BakeoffError(
                f"{path}: the classes in {split} are {', '.join(classes) or 'none'}, those in train "
                f"{', '.join(names)}: expected the same"
            )
        if empty := [name for name, members in classes.items() if not members]:
            raise BakeoffError(
                f"{path}: no images in the class folder {', '.join(empty)} of {split}: expected image "
                "files such as .jpg or .png; add some or remove the folder"
            )


def _chunks(items: Iterable[tuple[Parts, bytes]]) -> Iterator[list[tuple[Parts, bytes]]]:
    items = iter(items)
    while chunk := list(islice(items, CHUNK)):
        yield chunk
