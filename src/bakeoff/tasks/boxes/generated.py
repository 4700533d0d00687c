"""Splits of generated canvases: made once by all processors, cached, the same on every machine."""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bakeoff.data.array_cache import cached
from bakeoff.data.split_names import SPLITS
from bakeoff.data.tracked import tracked
from bakeoff.errors import BakeoffError
from bakeoff.images.digits import Digits, DigitSource
from bakeoff.store.digest import digest
from bakeoff.tasks.boxes.canvas import REVISION

CHUNK = 500  # canvases generated together: few enough that their arrays stay in the caches

Seed = list[int]
Plan = Callable[[Digits, int, np.random.Generator], Sequence[Any]]
Make = Callable[[Any, Seed], Mapping[str, np.ndarray]]


@dataclass(frozen=True, kw_only=True)
class Generated:
    """Canvases of three splits, made from the digits of `source`.

    `plan(digits, size, rng)` cuts the work for `size` canvases into chunks; `make(chunk, seed)` returns
    the arrays of a chunk, a row for each canvas. `settings` is what else decides the canvases: together
    with what is here, and the `name` of their kind, it names the cached file.
    """

    root: Path
    name: str
    source: DigitSource
    sizes: Mapping[str, int]
    seed: int
    settings: Mapping[str, Any]
    plan: Plan
    make: Make

    def __post_init__(self) -> None:
        if wrong := {split: self.sizes[split] for split in SPLITS if self.sizes[split] < 1}:
            raise BakeoffError(f"data.sizes: {wrong}: expected at least one canvas in each split")

    def prepare(self) -> None:
        """Generate what is not cached. Raises BakeoffError."""
        for split in SPLITS:
            self.arrays(split)

    def arrays(self, split: str) -> dict[str, np.ndarray]:
        """The arrays of a split, and under `sha256` the digest of their content."""
        settings = {
            "source": self.source.fingerprint(),
            "pixels": self.source.pixels,
            "canvases": self.sizes[split],
            "seed": self.seed,
            "revision": REVISION,
            **self.settings,
        }
        path = self.root / f"{self.name}-{split}-{digest(settings)[:16]}.npz"
        return cached(path, partial(self._generate, split))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all splits."""
        return digest([str(self.arrays(split)["sha256"]) for split in SPLITS])

    def _generate(self, split: str) -> dict[str, np.ndarray]:
        seed = [self.seed, SPLITS.index(split)]
        size, rng = self.sizes[split], np.random.default_rng(seed)
        chunks = self.plan(self.source.load()[split], size, rng)
        # A generator per chunk, so that the result does not depend on the number of threads.
        seeds = [[*seed, chunk] for chunk in range(len(chunks))]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            made = threads.map(self.make, chunks, seeds)
            parts = list(tracked(made, f"generating {size:,} {split} canvases", len(chunks)))
        arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        content = hashlib.sha256()
        for array in arrays.values():
            content.update(array.tobytes())
        return {**arrays, "sha256": np.array(content.hexdigest())}


def equally_often(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """`size` indices below `count` in random order, each as often as any other, give or take one.

    Every index comes once before any comes twice.
    """
    rounds = -(-size // count)
    return np.concatenate([rng.permutation(count) for _ in range(rounds)])[:size]
