"""A folder of the user's own with images and labels in MNIST's format (IDX)."""

import hashlib
import re
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.images.digits import Digits, content_of, read_digits, with_val

# train-images-idx3-ubyte, t10k-labels.idx1-ubyte.gz, emnist-letters-test-images-idx3-ubyte.gz
NAME = re.compile(r"(?:.*[-_.])?(train|t10k|test)-(images|labels)[-.]idx[13]-ubyte(?:\.gz)?")
TRAIN, TEST = ("train-images", "train-labels"), ("t10k-images", "t10k-labels")
Found = dict[str, list[Path]]  # by the standard name without its ending


def idx_files(folder: Path) -> Found:
    """The IDX files of a folder, by what their standard names say that they hold; those of the test split
    may be called `test` in place of `t10k`. Empty where there is no such folder.
    """
    found: Found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if match := NAME.fullmatch(path.name):
            split, kind = match.groups()
            found.setdefault(f"{'train' if split == 'train' else 't10k'}-{kind}", []).append(path)
    return found


def the_files(folder: Path, needed: tuple[str, ...]) -> list[Path]:
    """The file for each of the names `needed`.

    Raises BakeoffError that names all that are missing or there several times.
    """
    if not folder.is_dir():
        raise BakeoffError(
            f"data.folder={folder}: no such folder: expected one with files named as MNIST's, such as "
            "train-images-idx3-ubyte, plain or .gz"
        )
    found = idx_files(folder)
    wrong = [
        f"no {name}-idx{3 if name.endswith('images') else 1}-ubyte"
        for name in needed
        if name not in found
    ]
    wrong += [
        f"{' and '.join(path.name for path in found[name])} are one too many"
        for name in needed
        if len(found.get(name, ())) > 1
    ]
    if wrong:
        raise BakeoffError(
            f"data.folder={folder}: {', '.join(wrong)}: expected one file each, plain or .gz, of "
            f"{', '.join(needed)}"
        )
    return [found[name][0] for name in needed]


class IdxFolder:
    """Digits of the IDX files in `folder`; `val` is the share at the end of the training files that is for
    validation. `pixels` is the number of canvas pixels that a pixel spans.
    """

    def __init__(self, folder: str, val: float, pixels: float) -> None:
        if not 0 < val < 1:
            raise BakeoffError(f"data.val is {val}: expected a share between 0 and 1")
        self.folder = Path(folder).expanduser()
        self.val = val
        self.pixels = pixels

    @staticmethod
    def files(folder: str, **_: Any) -> dict[str, list[Path]]:
        """The IDX files, by the setting that names their folder."""
        found = idx_files(Path(folder).expanduser())
        return {"folder": [path for paths in found.values() for path in paths]}

    def fingerprint(self) -> str:
        """SHA-256 of what the files hold, packed or not, and of `val`."""
        content = hashlib.sha256(str(self.val).encode())
        for path in the_files(self.folder, TRAIN + TEST):
            content.update(hashlib.sha256(content_of(path)).digest())
        return content.hexdigest()

    def load(self) -> dict[str, Digits]:
        """The digits, checked: equal counts, labels 0..9. Raises BakeoffError."""
        files = the_files(self.folder, TRAIN + TEST)
        train, test = read_digits(*files[:2]), read_digits(*files[2:])
        count = round(self.val * len(train))
        if not 0 < count < len(train):
            raise BakeoffError(
                f"data.val is {self.val}: {count} of the {len(train)} training images would be for "
                "validation: expected some, and some that are left"
            )
        return with_val(train, test, count)
