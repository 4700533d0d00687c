"""The course's own files: canvases that somebody else made, as they are."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bakeoff.data.batches import Tensors
from bakeoff.data.split_names import SPLITS
from bakeoff.data.splits import SplitData
from bakeoff.errors import BakeoffError
from bakeoff.store.digest import digest, file_digest
from bakeoff.tasks.boxes import pair_files
from bakeoff.tasks.detection.data import check_classes, check_grid, report
from bakeoff.tasks.detection.grid import to_grid, to_list

log = logging.getLogger(__name__)


class CourseData(SplitData):
    """`detection_train.pt` and the like: (image, grid) pairs, with `list_y_true_train.pt` where named.

    `names` are those of the files `grids` and `lists` of each split in `folder`; the lists may be null:
    then they are made from the grids, without what these leave out. The grids in the files need not be
    the `grid` (rows, columns) that the net predicts. `classes` are the digits that the class numbers
    stand for.

    Batches: images (B, C, H, W) as stored and targets (B, M, 6) float32, as in DetectionData.
    """

    inputs = unit = "images"
    white = 1.0

    def __init__(
        self,
        folder: str,
        names: Mapping[str, Mapping[str, str | None]],
        grid: Sequence[int],
        classes: Sequence[int],
        batch_size: int,
    ) -> None:
        super().__init__(batch_size)
        check_classes(classes)
        self.paths = {
            split: {kind: Path(folder, name) for kind, name in names[split].items() if name}
            for split in SPLITS
        }
        self.grid = check_grid(grid)
        self.output_shape = (*self.grid, 5 + len(classes))
        self.class_names = tuple(map(str, classes))

    @staticmethod
    def files(
        folder: str, names: Mapping[str, Mapping[str, str | None]], **_: Any
    ) -> dict[str, list[Path]]:
        """The files of all splits, by the setting that names them."""
        return {
            "folder": [Path(folder, name) for of in names.values() for name in of.values() if name]
        }

    def prepare_data(self) -> None:
        """Check that the files are there. Raises BakeoffError that lists those that are not."""
        pair_files.require(path for of in self.paths.values() for path in of.values())

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(channels, height, width) of the validation images (the smaller file)."""
        if not self.splits:
            self.setup("validate")
        return tuple(next(iter(self.splits.values())).tensors[0].shape[1:])

    def load(self, split: str) -> Tensors:
        """The images and lists of boxes of a split, checked; logs what the grid leaves out.

        Raises BakeoffError.
        """
        files = self.paths[split]
        images, boxes = read_detection(files["grids"], files.get("lists"), len(self.class_names))
        report(split, boxes, self.grid)
        return Tensors(images, boxes)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all files and the grid: metrics of cells depend on it."""
        paths = [path for split in SPLITS for path in self.paths[split].values()]
        return digest([[file_digest(path) for path in paths], self.grid])


def read_detection(grids: Path, lists: Path | None, classes: int) -> tuple[Tensor, Tensor]:
    """Images (N, C, H, W) and lists of boxes (N, M, 6), float32, from the course's files, checked.

    Raises BakeoffError where a file is missing, damaged or of another kind, where a value is not
    finite, a centre outside its cell or image, or a class outside 0..classes - 1, or where the two files
    speak of different images.
    """
    images, grid = pair_files.read_pairs(grids)
    if grid.ndim != 4 or grid.shape[-1] != 6:
        raise BakeoffError(f"{grids}: targets {tuple(grid.shape)}: expected (N, rows, columns, 6)")
    broken = {"a pixel is not finite": ~images.isfinite().flatten(1).all(dim=1)}
    pair_files.refuse(grids, broken | _wrong(grid.flatten(1, 2), classes), grid)
    if lists is None:
        return images, to_list(grid)
    boxes = _read_lists(lists)
    if len(boxes) != len(images):
        raise BakeoffError(
            f"{lists} holds {len(boxes)} lists, but {grids} {len(images)} images: expected one for each"
        )
    pair_files.refuse(lists, _wrong(boxes, classes), boxes)
    cells = to_grid(boxes, *grid.shape[1:3])[..., 0]
    other = (cells != grid[..., 0]).flatten(1).any(dim=1)
    pair_files.refuse(lists, {f"the objects are in other cells than in {grids}": other}, boxes)
    return images, boxes


def _read_lists(path: Path) -> Tensor:
    """(N, M, 6) from a list with, for each image, a list or tensor of its objects (6 numbers each)."""
    content = pair_files.load(path, "a list with a list of boxes (6 numbers each) for every image")
    try:
        lists = [_rows(objects) for objects in content]
    except (TypeError, ValueError, RuntimeError) as error:
        raise BakeoffError(f"{path}: expected a list of boxes for every image: {error}") from None
    return torch.nn.utils.rnn.pad_sequence(lists, batch_first=True)


def _rows(objects: Tensor | Sequence) -> Tensor:
    if not isinstance(objects, Tensor):
        objects = [torch.as_tensor(one, dtype=torch.float32) for one in objects]
        objects = torch.stack(objects) if objects else torch.zeros(0, 6)
    return objects.float().reshape(-1, 6)


def _wrong(objects: Tensor, classes: int) -> dict[str, Tensor]:
    """By reason, the images (N,) with an object of which something is wrong; `objects` (N, M, 6)."""
    present, centre, size, label = objects.split([1, 2, 2, 1], dim=-1)
    there = present == 1

    def any_of(bad: Tensor) -> Tensor:
        return bad.flatten(1).any(dim=1)

    return {
        "a target is not finite": any_of(~objects.isfinite()),
        "p_c is neither 0 nor 1": any_of((present != 0) & (present != 1)),
        "a centre is outside [0, 1]": any_of(there & ((centre < 0) | (centre > 1))),
        "a width or height is not positive": any_of(there & (size <= 0)),
        f"a class is not in 0..{classes - 1}": any_of(
            there & ((label < 0) | (label >= classes) | (label % 1 != 0))
        ),
    }
