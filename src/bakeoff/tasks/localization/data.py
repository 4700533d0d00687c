"""Canvases with at most one digit: generated once, cached, loaded by whole batches."""

import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor
from torch.utils.data import DataLoader

from bakeoff.array_cache import cached
from bakeoff.batches import Tensors, loader
from bakeoff.canvas import REVISION, Distortion, Noise, boxes, distort, paint, place, render
from bakeoff.digits import CLASSES, SPLITS, Digits, DigitSource
from bakeoff.errors import BakeoffError
from bakeoff.run_id import digest

CHUNK = 500  # canvases generated together: few enough that their arrays stay in the caches


class LocalizationData(pl.LightningDataModule):
    """Digits on noisy canvases, `sizes` per split; a digit of the source is in one split only.

    Batches: images (B, 1, H, W) uint8 and targets (B, 6) float32: p_c, x, y, w, h, class, with the
    box in [0, 1] of the image. The digits of a split are used equally often: once each, where there
    are as many canvases as digits.
    """

    output_shape = (5 + CLASSES,)
    class_names = tuple(map(str, range(CLASSES)))

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
        super().__init__()
        if not 0 <= empty < 1:
            raise BakeoffError(f"data.empty is {empty}: expected a share in [0, 1)")
        if wrong := {split: sizes[split] for split in SPLITS if sizes[split] < 1}:
            raise BakeoffError(f"data.sizes: {wrong}: expected at least one canvas in each split")
        self.root = Path(root)
        self.source = source
        self.sizes = sizes
        self.input_shape = (1, height, width)
        self.empty = empty
        self.distortion, self.noise = distortion, noise
        self.seed = seed
        self.batch_size = batch_size
        self.splits: dict[str, Tensors] = {}

    def prepare_data(self) -> None:
        """Generate what is not cached. Raises BakeoffError before anything is generated in vain."""
        for split in SPLITS:
            self._arrays(split)

    def setup(self, stage: str) -> None:
        """Load the splits that a Lightning stage needs: the test data are read by `test` alone."""
        for split in {"fit": ("train", "val"), "validate": ("val",), "test": ("test",)}[stage]:
            arrays = self._arrays(split)
            images, targets = (
                torch.from_numpy(arrays["images"]),
                torch.from_numpy(arrays["targets"]),
            )
            self.splits[split] = Tensors(images.unsqueeze(1), targets)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all splits."""
        return digest([str(self._arrays(split)["sha256"]) for split in SPLITS])

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of the training pixels, in 0 to 255; needs `setup("fit")`."""
        count = torch.bincount(self.splits["train"].tensors[0].flatten(), minlength=256).double()
        levels = torch.arange(256, dtype=torch.float64)
        mean = (count * levels).sum() / count.sum()
        variance = (count * (levels - mean).square()).sum() / count.sum()
        return mean.float(), variance.sqrt().float()

    def train_dataloader(self) -> DataLoader:
        """Training batches, in an order that follows the seed of the run."""
        return loader(self.splits["train"], self.batch_size, shuffle=True)

    def val_dataloader(self) -> DataLoader:
        """Validation batches, always in the same order."""
        return loader(self.splits["val"], self.batch_size)

    def test_dataloader(self) -> DataLoader:
        """Test batches, always in the same order."""
        return loader(self.splits["test"], self.batch_size)

    def _arrays(self, split: str) -> dict[str, np.ndarray]:
        settings = {
            "source": self.source.fingerprint(),
            "pixels": self.source.pixels,
            "canvases": self.sizes[split],
            "shape": self.input_shape,
            "empty": self.empty,
            "distortion": asdict(self.distortion),
            "noise": asdict(self.noise),
            "seed": self.seed,
            "revision": REVISION,
        }
        path = self.root / f"localization-{split}-{digest(settings)[:16]}.npz"
        return cached(path, partial(self._generate, split))

    def _generate(self, split: str) -> dict[str, np.ndarray]:
        digits, size = self.source.load()[split], self.sizes[split]
        rng = np.random.default_rng([self.seed, SPLITS.index(split)])
        rounds = -(-size // len(digits))
        order = np.concatenate([rng.permutation(len(digits)) for _ in range(rounds)])[:size]
        chunks = [digits[order[start : start + CHUNK]] for start in range(0, size, CHUNK)]
        _, height, width = self.input_shape
        make = partial(
            canvases,
            pixels=self.source.pixels,
            height=height,
            width=width,
            empty=self.empty,
            distortion=self.distortion,
            noise=self.noise,
        )
        # A generator per chunk, so that the result does not depend on the number of threads.
        seeds = [[self.seed, SPLITS.index(split), chunk] for chunk in range(len(chunks))]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            made = threads.map(lambda chunk, seed: make(chunk, seed=seed), chunks, seeds)
            console = Console(stderr=True)
            parts = list(
                track(
                    made,
                    f"generating {size:,} {split} canvases",
                    len(chunks),
                    console=console,
                    transient=True,
                    disable=not console.is_terminal,
                )
            )
        images, targets = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        content = hashlib.sha256(images.tobytes() + targets.tobytes()).hexdigest()
        return {"images": images, "targets": targets, "sha256": np.array(content)}


def canvases(
    digits: Digits,
    *,
    pixels: float,
    height: int,
    width: int,
    empty: float,
    distortion: Distortion,
    noise: Noise,
    seed: int | list[int],
) -> tuple[np.ndarray, np.ndarray]:
    """One canvas for each of N digits: images (N, H, W) uint8, targets (N, 6) float32.

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
    return paint(ink, noise, rng), targets
