"""Splits of generated canvases: made once on all usable cores, cached, the same on every machine."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from bakeoff.data.array_cache import cached, peek
from bakeoff.data.split_names import SPLITS
from bakeoff.data.tracked import tracked
from bakeoff.errors import BakeoffError
from bakeoff.identity.cores import usable_cores
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
    the arrays of a chunk, a row for each canvas. `settings` holds everything else that decides the
    canvases. The `name` of their kind and a digest of all settings name the cached file.
    """

    root: Path
    name: str
    source: DigitSource
    sizes: Mapping[str, int | None]  # None: as many canvases as digits
    seed: int
    settings: Mapping[str, Any]
    plan: Plan
    make: Make

    def __post_init__(self) -> None:
        sizes = {split: self.sizes[split] for split in SPLITS}
        if wrong := {split: size for split, size in sizes.items() if size is not None and size < 1}:
            raise BakeoffError(f"data.sizes: {wrong}: expected at least one canvas in each split")

    def prepare(self) -> None:
        """Generate the splits that are not cached; reads no canvas of the others. Raises BakeoffError."""
        _ = self._digests

    def arrays(self, split: str) -> dict[str, np.ndarray]:
        """The arrays of a split, and under `sha256` the digest of their content."""
        return cached(self._path(split), partial(self._generate, split))

    def part(self, split: str, names: Collection[str]) -> dict[str, np.ndarray]:
        """The arrays `names` of a split, without reading the others."""
        found = peek(self._path(split), names)
        if found is None:
            arrays = self.arrays(split)
            found = {name: arrays[name] for name in names}
        return found

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content of all splits, whose digests lie beside them: reads no canvas."""
        return digest([self._digests[split] for split in SPLITS])

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {split: str(self.part(split, ["sha256"])["sha256"]) for split in SPLITS}

    @cached_property
    def _source_fingerprint(self) -> str:
        return self.source.fingerprint()

    @cached_property
    def _digits(self) -> dict[str, Digits]:
        return self.source.load()

    def _path(self, split: str) -> Path:
        settings = {
            "source": self._source_fingerprint,
            "pixels": self.source.pixels,
            "canvases": self.sizes[split],
            "seed": self.seed,
            "revision": REVISION,
            **self.settings,
        }
        return self.root / f"{self.name}-{split}-{digest(settings)[:16]}.npz"

    def _generate(self, split: str) -> dict[str, np.ndarray]:
        seed = [self.seed, SPLITS.index(split)]
        digits, rng = self._digits[split], np.random.default_rng(seed)
        size = self.sizes[split] or len(digits)
        chunks = self.plan(digits, size, rng)
        # A generator per chunk, so that the result does not depend on the number of threads.
        seeds = [[*seed, chunk] for chunk in range(len(chunks))]
        with ThreadPoolExecutor(usable_cores()) as threads:
            made = threads.map(self.make, chunks, seeds)
            parts = list(tracked(made, f"generating {size:,} {split} canvases", len(chunks)))
        arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        content = hashlib.sha256()
        for array in arrays.values():
            content.update(array.tobytes())
        return {**arrays, "sha256": np.array(content.hexdigest())}


def equally_often(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """`size` indices below `count` in random order; how often two indices occur differs by one at most.

    Every index occurs once before any occurs twice.
    """
    rounds = -(-size // count)
    return np.concatenate([rng.permutation(count) for _ in range(rounds)])[:size]
