"""Stratified splits: every part has the classes in the proportions of the whole.

scikit-learn's StratifiedShuffleSplit and StratifiedKFold draw other samples from the same seed, which would
change every result on data without splits of their own.
"""

import numpy as np

from bakeoff.errors import BakeoffError
from bakeoff.tasks.classification.images import Collection, Images


def hold_out(labels: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Which of the N samples are held out, (N,) bool: round(share N) of them, drawn by `seed`, and of
    each class its share, rounded up or down.
    """
    order = _by_class(labels, seed)
    # As even a spacing as whole numbers allow, along the samples sorted by class.
    held = np.diff(np.arange(len(labels) + 1) * round(share * len(labels)) // len(labels)) > 0
    return held[np.argsort(order)]


def folds(labels: np.ndarray, k: int, seed: int) -> np.ndarray:
    """The fold, 0 to k - 1, of each of the N samples, (N,) int: of each class, and in all, the folds'
    sizes differ by at most one.
    """
    order = _by_class(labels, seed)
    return (np.arange(len(labels)) % k)[np.argsort(order)]


def split(
    images: Collection, *, val: float, test: float, k: int | None, fold: int, seed: int
) -> dict[str, Images]:
    """Training, validation and test images.

    Where their makers gave no test split, a share `test` is held out. With `k` folds, validation is
    fold number `fold` of what is not for testing; else it is the makers' split, or a share `val`.
    Raises BakeoffError where a value is out of its range, or a class missing in a split.
    """
    for name, share in (("val", val), ("test", test)):
        if not 0 < share < 1:
            raise BakeoffError(f"data.{name} is {share}: expected a share between 0 and 1")
    if k is None and fold:  # else replicates by fold would all be the same run
        raise BakeoffError(
            f"data.fold is {fold}, but data.folds is null: expected the number of folds too, such as "
            "data.folds=5"
        )
    if k is not None and not (k >= 2 and 0 <= fold < k):
        raise BakeoffError(
            f"data.folds is {k}, data.fold is {fold}: expected at least 2 folds, numbered from 0"
        )
    parts = {"train": images.train, "val": images.val, "test": images.test}
    if parts["test"] is None:
        parts["train"], parts["test"] = _parted(
            images.train, hold_out(images.train.labels, test, seed)
        )
    if k is not None:
        pool = parts["train"] if images.val is None else _joined(parts["train"], images.val)
        parts["train"], parts["val"] = _parted(pool, folds(pool.labels, k, seed) == fold)
    elif images.val is None:
        pool = parts["train"]
        parts["train"], parts["val"] = _parted(pool, hold_out(pool.labels, val, seed))
    _check(parts, images.names)
    return parts


def _by_class(labels: np.ndarray, seed: int) -> np.ndarray:
    order = np.random.default_rng(seed).permutation(len(labels))
    return order[np.argsort(labels[order], kind="stable")]


def _parted(images: Images, held: np.ndarray) -> tuple[Images, Images]:
    return images[~held], images[held]


def _joined(first: Images, second: Images) -> Images:
    return Images(
        np.concatenate([first.pixels, second.pixels]),
        np.concatenate([first.labels, second.labels]),
    )


def _check(parts: dict[str, Images], names: tuple[str, ...]) -> None:
    for name, part in parts.items():
        counts = np.bincount(part.labels, minlength=len(names))
        if missing := [names[i] for i in np.flatnonzero(counts == 0)]:
            raise BakeoffError(
                f"data: no image of class {', '.join(missing)} in the {name} split of {len(part)} "
                "images: expected some of every class in every split; add images, leave the class out "
                "with data.classes, or change data.val, data.test or data.folds"
            )
