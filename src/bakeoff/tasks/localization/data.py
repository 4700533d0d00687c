"""Canvases with at most one digit: generated once, cached, loaded by whole batches."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import torch

from bakeoff.data.batches import Tensors
from bakeoff.data.splits import SplitData
from bakeoff.errors import BakeoffError
from bakeoff.images.digits import CLASSES, Digits, DigitSource
from bakeoff.tasks.boxes.canvas import Distortion, Noise, boxes, distort, paint, place, render
from bakeoff.tasks.boxes.generated import CHUNK, Generated, equally_often


class LocalizationData(SplitData):
    """Digits on noisy canvases, `sizes` per split; a digit of the source is in one split only.

    Batches: images (B, 1, H, W) uint8 and targets (B, 6) float32: p_c, x, y, w, h, class, with the
    box in [0, 1] of the image. The digits of a split are used equally often: once each, where there
    are as many canvases as digits.
    """

    output_shape = (5 + CLASSES,)
    class_names = tuple(map(str, range(CLASSES)))
    inputs = unit = "images"
    white = 255.0

    def __init__(
        self,
        root: str,
        source: DigitSource,
        sizes: Mapping[str, int],
        height: int,
        width: int,
        empty: float,
        distortion: Distortion,
        noise: Noise,
        seed: int,
        batch_size: int,
    ) -> None:
        super().__init__(batch_size, seed)
        if not 0 <= empty < 1:
            raise BakeoffError(f"data.empty is {empty}: expected a share in [0, 1)")
        self.input_shape = (1, height, width)
        self.generated = Generated(
            root=Path(root),
            name="localization",
            source=source,
            sizes=sizes,
            seed=seed,
            settings={
                "shape": self.input_shape,
                "empty": empty,
                "distortion": asdict(distortion),
                "noise": asdict(noise),
            },
            plan=_one_each,
            make=partial(
                canvases,
                pixels=source.pixels,
                height=height,
                width=width,
                empty=empty,
                distortion=distortion,
                noise=noise,
            ),
        )

    def prepare_data(self) -> None:
        """Generate what is not cached; reads nothing of what is. Raises BakeoffError before it generates
        canvases that cannot be.
        """
        self.generated.prepare()

    def load(self, split: str) -> Tensors:
        """Images (N, 1, H, W) and targets (N, 6)."""
        arrays = self.generated.arrays(split)
        images = torch.from_numpy(arrays["images"]).unsqueeze(1)
        return Tensors(images, torch.from_numpy(arrays["targets"]))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all splits; loads none of them."""
        return self.generated.fingerprint


def _one_each(digits: Digits, size: int, rng: np.random.Generator) -> Sequence[Digits]:
    order = equally_often(len(digits), size, rng)
    return [digits[order[start : start + CHUNK]] for start in range(0, size, CHUNK)]


def canvases(
    digits: Digits,
    seed: int | list[int],
    *,
    pixels: float,
    height: int,
    width: int,
    empty: float,
    distortion: Distortion,
    noise: Noise,
) -> dict[str, np.ndarray]:
    """One canvas for each of N digits: `images` (N, H, W) uint8, `targets` (N, 6) float32.

    A share `empty` of them (each with that probability) holds no digit. Raises BakeoffError where a
    digit does not fit.
    """
    rng = np.random.default_rng(seed)
    pose = distort(digits.images, distortion, pixels, rng)
    centre = place(pose, height, width, rng)
    ink = render(digits.images, pose, centre, height, width)
    ink[rng.integers(0, 1 << 24, len(digits)) < empty * (1 << 24)] = 0
    box = boxes(ink)
    present = box[:, 2] > 0
    targets = np.zeros((len(digits), 6), np.float32)
    targets[:, 0] = present
    targets[:, 1:3] = (box[:, :2] + box[:, 2:]) / (2 * np.array([width, height]))
    targets[:, 3:5] = (box[:, 2:] - box[:, :2]) / np.array([width, height])
    targets[:, 5] = digits.labels * present
    return {"images": paint(ink, noise, rng), "targets": targets}
