"""The course's own files: canvases that somebody else made, as they are."""

from collections.abc import Mapping
from pathlib import Path

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from bakeoff.batches import Tensors, loader
from bakeoff.digits import CLASSES, SPLITS
from bakeoff.errors import BakeoffError
from bakeoff.run_id import digest, file_digest


class CourseData(pl.LightningDataModule):
    """`localization_train.pt` and the like: lists of (image, target) pairs, or a TensorDataset.

    Batches: images (B, C, H, W) as stored and targets (B, 6) float32, as in LocalizationData.
    """

    output_shape = (5 + CLASSES,)
    class_names = tuple(map(str, range(CLASSES)))

    def __init__(self, folder: str, names: Mapping[str, str], batch_size: int) -> None:
        super().__init__()
        self.files = {split: Path(folder, names[split]) for split in SPLITS}
        self.batch_size = batch_size
        self.splits: dict[str, Tensors] = {}

    def prepare_data(self) -> None:
        """Check that the files are there. Raises BakeoffError that lists those that are not."""
        missing = [str(path) for path in self.files.values() if not path.is_file()]
        if missing:
            raise BakeoffError(
                f"no file {', '.join(missing)}: expected the course's files; say where they are with "
                "data.folder=FOLDER"
            )

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(channels, height, width) of the validation images (the smaller file)."""
        if not self.splits:
            self.setup("validate")
        return tuple(next(iter(self.splits.values())).tensors[0].shape[1:])

    def setup(self, stage: str) -> None:
        """Load and check the splits that a Lightning stage needs. Raises BakeoffError."""
        for split in {"fit": ("train", "val"), "validate": ("val",), "test": ("test",)}[stage]:
            if split not in self.splits:
                self.splits[split] = Tensors(*read_pairs(self.files[split]))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all files."""
        return digest([file_digest(self.files[split]) for split in SPLITS])

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of the training pixels; needs `setup("fit")`."""
        images = self.splits["train"].tensors[0]
        return images.mean(), images.std()

    def train_dataloader(self) -> DataLoader:
        """Training batches, in an order that follows the seed of the run."""
        return loader(self.splits["train"], self.batch_size, shuffle=True)

    def val_dataloader(self) -> DataLoader:
        """Validation batches, always in the same order."""
        return loader(self.splits["val"], self.batch_size)

    def test_dataloader(self) -> DataLoader:
        """Test batches, always in the same order."""
        return loader(self.splits["test"], self.batch_size)


def read_pairs(path: Path) -> tuple[Tensor, Tensor]:
    """Images (N, C, H, W) and targets (N, 6), float32, from one of the course's files, checked.

    Raises BakeoffError where the file is missing, damaged, holds other objects than tensors, or
    where a value is not finite, a box outside [0, 1] or a class outside 0..9.
    """
    try:
        with torch.serialization.safe_globals([TensorDataset]):
            content = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # a damaged or foreign file can raise anything here
        reason = "it is damaged, or holds other objects than tensors, which are refused"
        if isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
            reason = error.strerror
        raise BakeoffError(
            f"cannot read {path}: {reason}. Expected a list of (image, target) pairs of tensors or a "
            "TensorDataset, saved by torch.save"
        ) from None
    try:
        if isinstance(content, TensorDataset):
            images, targets = content.tensors
        else:
            images, targets = (torch.stack(list(part)) for part in zip(*content, strict=True))
        images, targets = images.float(), targets.float()
    except (AttributeError, TypeError, ValueError, RuntimeError) as error:
        raise BakeoffError(
            f"{path}: expected pairs of equal shapes (image, target): {error}"
        ) from None
    check_pairs(path, images, targets)
    return images, targets


def check_pairs(path: Path, images: Tensor, targets: Tensor) -> None:
    """Raise BakeoffError that names the first bad image and what is wrong with it."""
    if images.ndim != 4 or targets.ndim != 2 or targets.shape[1] != 6 or not len(images):
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
    for reason, images_wrong in wrong.items():
        if images_wrong.any():
            at = int(images_wrong.int().argmax())
            raise BakeoffError(
                f"{path}: {reason} at image {at} (and {int(images_wrong.sum()) - 1} more): target "
                f"{[round(value, 4) for value in targets[at].tolist()]}; mend or remove it"
            )
