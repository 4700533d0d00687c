"""The course's own files: canvases that somebody else made, as they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from bakeoff.data.batches import Tensors
from bakeoff.data.split_names import SPLITS
from bakeoff.data.splits import SplitData
from bakeoff.errors import BakeoffError
from bakeoff.images.digits import CLASSES
from bakeoff.store.digest import digest, file_digest
from bakeoff.tasks.boxes import pair_files


class CourseData(SplitData):
    """`localization_train.pt` and the like: lists of (image, target) pairs, or a TensorDataset.

    Batches: images (B, C, H, W) as stored and targets (B, 6) float32, as in LocalizationData.
    """

    output_shape = (5 + CLASSES,)
    class_names = tuple(map(str, range(CLASSES)))
    inputs = unit = "images"
    white = 1.0

    def __init__(self, folder: str, names: Mapping[str, str], batch_size: int) -> None:
        super().__init__(batch_size)
        self.paths = {split: Path(folder, names[split]) for split in SPLITS}

    @staticmethod
    def files(folder: str, names: Mapping[str, str], **_: Any) -> dict[str, list[Path]]:
        """The files of all splits, by the setting that names them."""
        return {"folder": [Path(folder, name) for name in names.values()]}

    def prepare_data(self) -> None:
        """Check that the files are there. Raises BakeoffError that lists those that are not."""
        pair_files.require(self.paths.values())

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(channels, height, width) of the validation images (the smaller file)."""
        if not self.splits:
            self.setup("validate")
        return tuple(next(iter(self.splits.values())).tensors[0].shape[1:])

    def load(self, split: str) -> Tensors:
        """The images and targets of a file, checked. Raises BakeoffError."""
        return Tensors(*read_localization(self.paths[split]))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all files."""
        return digest([file_digest(self.paths[split]) for split in SPLITS])


def read_localization(path: Path) -> tuple[Tensor, Tensor]:
    """Images (N, C, H, W) and targets (N, 6), float32, from one of the course's files, checked.

    Raises BakeoffError where the file is missing, damaged, holds other objects than tensors, or
    where a value is not finite, a box outside [0, 1] or a class outside 0..9.
    """
    images, targets = pair_files.read_pairs(path)
    if targets.shape[1:] != (6,):
        raise BakeoffError(
            f"{path}: images {tuple(images.shape)}, targets {tuple(targets.shape)}: expected "
            "(N, channels, height, width) and (N, 6), N at least 1"
        )
    present, box, label = targets[:, 0], targets[:, 1:5], targets[:, 5]
    wrong = {
        "a pixel is not finite": ~images.isfinite().flatten(1).all(dim=1),
        "a target is not finite": ~targets.isfinite().all(dim=1),
        "p_c is neither 0 nor 1": (present != 0) & (present != 1),
        "the box is outside [0, 1]": (present == 1) & ((box < 0) | (box > 1)).any(dim=1),
        "the class is not in 0..9": (present == 1) & ((label < 0) | (label > 9) | (label % 1 != 0)),
    }
    pair_files.refuse(path, wrong, targets)
    return images, targets
