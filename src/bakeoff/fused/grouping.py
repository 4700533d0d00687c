"""Which runs of a sweep may train together: those with one net, one data set and one way to compute."""

from collections.abc import Mapping, Sequence
from typing import Any

from bakeoff.store.digest import digest

ALIKE = ("model", "data", "data_dir", "threads", "trainer", "task")
# Of the trainer, what each member has for itself.
OWN = ("max_epochs", "gradient_clip_val")
MOST = 64  # members of a group: their weights, gradients and the optimizer's states are in memory at once


def groups(configs: Sequence[Mapping[str, Any]], places: int) -> list[list[int]]:
    """The numbers of the configs that may train together, in groups of at most MOST, in the order of their
    first members; the configs are resolved, in plain containers.

    Those that may are divided among the `places` for processes, as equal as may be.
    """
    alike: dict[str, list[int]] = {}
    for number, config in enumerate(configs):
        alike.setdefault(_key(config), []).append(number)
    return [part for numbers in alike.values() for part in _divided(numbers, places)]


def _divided(numbers: Sequence[int], places: int) -> list[list[int]]:
    parts = max(min(places, len(numbers) // 2), -(-len(numbers) // MOST), 1)
    return [list(numbers[part::parts]) for part in range(parts)]


def _key(config: Mapping[str, Any]) -> str:
    """A digest of what runs that train together have in common."""
    kept = {name: config[name] for name in ALIKE if name in config}
    kept["trainer"] = {k: v for k, v in kept.get("trainer", {}).items() if k not in OWN}
    return digest(kept)
