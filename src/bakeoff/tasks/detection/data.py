"""Canvases with several digits that do not overlap: generated once, cached, loaded by whole batches."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from bakeoff.data.batches import Tensors
from bakeoff.data.splits import SplitData
from bakeoff.errors import BakeoffError
from bakeoff.images.digits import CLASSES, Digits, DigitSource
from bakeoff.store.digest import digest
from bakeoff.tasks.boxes.canvas import (
    Distortion,
    Noise,
    Pose,
    boxes,
    distort,
    paint,
    place_apart,
    ranks,
    render,
)
from bakeoff.tasks.boxes.generated import CHUNK, Generated, equally_often
from bakeoff.tasks.detection.grid import collisions

log = logging.getLogger(__name__)

TRIES = 20  # random places that a digit is tried at before it is given up
MANY = 0.02  # share of digits that a grid may lose before that is worth a warning


class DetectionData(SplitData):
    """One or more digits of `classes` on noisy canvases; a digit of the source is in one split only.

    `counts` are the shares of canvases meant to hold 1, 2, ... digits; a digit that finds no free place
    is left out, and counted. The digits of a split are used equally often.

    Batches: images (B, 1, H, W) uint8 and targets (B, M, 6) float32, M = len(counts): the list of boxes
    as in `grid`, the class an index into `classes`. They do not depend on the `grid` (rows, columns)
    that the net predicts.
    """

    inputs = unit = "images"
    white = 255.0

    def __init__(
        self,
        root: str,
        source: DigitSource,
        sizes: Mapping[str, int],
        height: int,
        width: int,
        grid: Sequence[int],
        classes: Sequence[int],
        counts: Sequence[float],
        distortion: Distortion,
        noise: Noise,
        seed: int,
        batch_size: int,
    ) -> None:
        super().__init__(batch_size, seed)
        check_classes(classes)
        if not len(counts) or min(counts) < 0 or abs(sum(counts) - 1) > 1e-6:
            raise BakeoffError(
                f"data.counts is {list(counts)}: expected the shares of canvases with 1, 2, ... digits, "
                "which sum to 1"
            )
        self.input_shape = (1, height, width)
        self.grid = check_grid(grid)
        self.output_shape = (*self.grid, 5 + len(classes))
        self.class_names = tuple(map(str, classes))
        self._reported = False
        self.generated = Generated(
            root=Path(root),
            name="detection",
            source=source,
            sizes=sizes,
            seed=seed,
            settings={
                "shape": self.input_shape,
                "classes": list(classes),
                "counts": list(counts),
                "tries": TRIES,
                "distortion": asdict(distortion),
                "noise": asdict(noise),
            },
            plan=partial(_plan, classes=np.array(classes), counts=counts),
            make=partial(
                canvases,
                slots=len(counts),
                pixels=source.pixels,
                height=height,
                width=width,
                distortion=distortion,
                noise=noise,
            ),
        )

    def prepare_data(self) -> None:
        """Generate what is not cached, and log once how many digits the canvases and the grid leave out.

        Reads no image of what is cached. Raises BakeoffError before it generates canvases that cannot be.
        """
        self.generated.prepare()
        if self._reported:
            return
        for split in ("train", "val"):
            arrays = self.generated.part(split, ("targets", "dropped"))
            report(
                split, torch.from_numpy(arrays["targets"]), self.grid, int(arrays["dropped"].sum())
            )
        self._reported = True

    def load(self, split: str) -> Tensors:
        """Images (N, 1, H, W) and targets (N, M, 6)."""
        arrays = self.generated.arrays(split)
        images, targets = torch.from_numpy(arrays["images"]), torch.from_numpy(arrays["targets"])
        return Tensors(images.unsqueeze(1), targets)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all splits and the grid: metrics of cells depend on it."""
        return digest([self.generated.fingerprint, self.grid])


class Scene(NamedTuple):
    """The digits of N canvases, and how many of them are for each: (N,), their sum the digits' number."""

    digits: Digits
    counts: np.ndarray


def canvases(
    scene: Scene,
    seed: int | list[int],
    *,
    slots: int,
    pixels: float,
    height: int,
    width: int,
    distortion: Distortion,
    noise: Noise,
) -> dict[str, np.ndarray]:
    """`images` (N, H, W) uint8, `targets` (N, slots, 6) float32: the list of boxes;
    `dropped` (N,) uint8: the digits that found no place.

    Raises BakeoffError where a digit does not fit into a canvas.
    """
    rng = np.random.default_rng(seed)
    digits, canvas = scene.digits, np.repeat(np.arange(len(scene.counts)), scene.counts)
    pose = distort(digits.images, distortion, pixels, rng)
    centre, placed = place_apart(pose, canvas, height, width, TRIES, rng)
    dropped = np.bincount(canvas[~placed], minlength=len(scene.counts)).astype(np.uint8)
    digits, canvas = digits[placed], canvas[placed]
    pose = Pose(pose.forward[placed], pose.extent[placed])
    own = render(digits.images, pose, centre[placed], height, width)
    box, rank, size = boxes(own), ranks(canvas), np.array([width, height])
    seen = box[:, 2:3] > 0
    centre, extent = (box[:, :2] + box[:, 2:]) / (2 * size), (box[:, 2:] - box[:, :2]) / size
    rows = np.concatenate([seen, centre, extent, digits.labels[:, None] * seen], axis=1)
    ink = np.zeros((len(scene.counts), height, width), np.uint8)
    targets = np.zeros((len(scene.counts), slots, 6), np.float32)
    for turn in range(rank.max(initial=0) + 1):
        now = rank == turn
        ink[canvas[now]] = np.maximum(ink[canvas[now]], own[now])
        targets[canvas[now], turn] = rows[now]
    return {"images": paint(ink, noise, rng), "targets": targets, "dropped": dropped}


def _plan(
    digits: Digits,
    size: int,
    rng: np.random.Generator,
    classes: np.ndarray,
    counts: Sequence[float],
) -> list[Scene]:
    wanted = digits[np.isin(digits.labels, classes)]
    if not len(wanted):
        raise BakeoffError(
            f"data.classes is {classes.tolist()}, but the source has none of these digits"
        )
    order = np.argsort(classes)
    labels = order[np.searchsorted(classes, wanted.labels, sorter=order)]
    wanted = Digits(wanted.images, labels.astype(np.uint8))
    # Thresholds and draws are integers: no rounding decides how many digits a canvas gets.
    limits = np.rint(np.cumsum(counts)[:-1] * (1 << 24))
    per_canvas = 1 + np.searchsorted(limits, rng.integers(0, 1 << 24, size), side="right")
    dealt = wanted[equally_often(len(wanted), int(per_canvas.sum()), rng)]
    ends = np.concatenate([[0], np.cumsum(per_canvas)])
    return [
        Scene(
            dealt[ends[start] : ends[min(start + CHUNK, size)]], per_canvas[start : start + CHUNK]
        )
        for start in range(0, size, CHUNK)
    ]


def report(
    split: str, targets: torch.Tensor, grid: tuple[int, int], dropped: int | None = None
) -> None:
    """Log how many of the digits in `targets` (N, M, 6) have no cell of their own in the grid, and how
    many were `dropped` when the canvases were made; as a warning where the grid loses many.
    """
    digits = max(int(targets[..., 0].sum()), 1)
    lost = int(collisions(targets, *grid).sum())
    rows, columns = grid
    text = (
        f"{split}: {digits:,} digits on {len(targets):,} canvases; {lost:,} ({lost / digits:.2%}) share a "
        f"cell of the {rows}x{columns} grid with an earlier one and are no target there"
    )
    if dropped is not None:
        text += f"; {dropped:,} found no free place when the canvases were made"
    _log_once(logging.WARNING if lost > MANY * digits else logging.INFO, text)


@cache
def _log_once(level: int, text: str) -> None:
    """Several data modules of one process may hold the same canvases."""
    log.log(level, text)


def check_grid(grid: Sequence[int]) -> tuple[int, int]:
    """The (rows, columns) of a grid. Raises BakeoffError where they are none."""
    if len(grid) != 2 or any(not isinstance(cells, int) or cells < 1 for cells in grid):
        raise BakeoffError(
            f"data.grid is {list(grid)}: expected [rows, columns], each at least 1, such as [2, 3]"
        )
    return tuple(grid)


def check_classes(classes: Sequence[int]) -> None:
    """Raise BakeoffError where `classes` are not different digits."""
    known = set(range(CLASSES))
    if not len(classes) or len(set(classes)) < len(classes) or not set(classes) <= known:
        raise BakeoffError(
            f"data.classes is {list(classes)}: expected different digits of 0 to {CLASSES - 1}, such as "
            "[0, 1]"
        )
