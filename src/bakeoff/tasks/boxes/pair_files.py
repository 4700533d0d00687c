"""Files of (image, target) pairs that somebody else saved with torch: read safely, checked."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import TensorDataset

from bakeoff.errors import BakeoffError


def require(paths: Iterable[Path]) -> None:
    """Raise BakeoffError that lists the files that are not there."""
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise BakeoffError(
            f"no file {', '.join(missing)}: expected the course's files; say where they are with "
            "data.folder=FOLDER"
        )


def load(path: Path, expected: str) -> Any:
    """The content of a file of torch.save, nothing of which is executed (`weights_only`).

    Raises BakeoffError that names what is `expected` where it is missing, damaged or of another kind.
    """
    try:
        with torch.serialization.safe_globals([TensorDataset]):
            return torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # a damaged or foreign file can raise anything here
        reason = "it is damaged, or holds other objects than tensors, which are refused"
        if isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
            reason = error.strerror
        raise BakeoffError(
            f"cannot read {path}: {reason}. Expected {expected}, saved by torch.save"
        ) from None


def read_pairs(path: Path) -> tuple[Tensor, Tensor]:
    """Images (N, C, H, W) and targets (N, ...), float32, of a list of pairs or a TensorDataset.

    Raises BakeoffError where the file is missing, damaged, or holds other objects than such tensors.
    """
    content = load(path, "a list of (image, target) pairs of tensors or a TensorDataset")
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
    if images.ndim != 4 or not len(images) or len(images) != len(targets):
        raise BakeoffError(
            f"{path}: images {tuple(images.shape)}, targets {tuple(targets.shape)}: expected "
            "(N, channels, height, width) and a target for each, N at least 1"
        )
    return images, targets


def refuse(path: Path, wrong: Mapping[str, Tensor], targets: Tensor) -> None:
    """Raise BakeoffError for the first image (of N) that is `wrong` (N,) for a reason; show its target."""
    for reason, images_wrong in wrong.items():
        if images_wrong.any():
            at = int(images_wrong.int().argmax())
            shown = torch.round(targets[at].double(), decimals=4).tolist()
            raise BakeoffError(
                f"{path}: {reason} at image {at} (and {int(images_wrong.sum()) - 1} more): target "
                f"{shown}; mend or remove it"
            )
