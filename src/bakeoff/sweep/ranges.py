"""Numbers of a config that are out of their range: some would otherwise divide by zero within a run."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from omegaconf.errors import OmegaConfBaseException

from bakeoff.store import paths

FOLDER = "experiment"  # names a folder within outputs/


class Range(NamedTuple):
    """From `least` to `most`; without `least` itself where it is `open`."""

    least: float
    most: float = math.inf
    open: bool = False

    def __contains__(self, value: Any) -> bool:
        inside = self.least <= value <= self.most  # false for nan
        return inside and not (self.open and value == self.least)

    def __str__(self) -> str:
        if self.open:
            return f"more than {self.least:g}"
        return f"{self.least} or more" if self.most == math.inf else f"{self.least} to {self.most}"


COUNT, NOT_NEGATIVE, POSITIVE = Range(1), Range(0), Range(0, open=True)
RANGES = {
    "seed": Range(0, 2**32 - 1),  # NumPy's
    "patience": NOT_NEGATIVE,
    "threads": COUNT,
    "scheduler.frequency": COUNT,
    "scheduler.step_size": COUNT,
    "scheduler.patience": NOT_NEGATIVE,
    "task.showcase.every_epochs": COUNT,
    "task.showcase.samples": COUNT,
    "trainer.accumulate_grad_batches": COUNT,
    "trainer.check_val_every_n_epoch": COUNT,
    "trainer.gradient_clip_val": NOT_NEGATIVE,
    "trainer.log_every_n_steps": COUNT,
    "trainer.min_epochs": NOT_NEGATIVE,
    "trainer.min_steps": NOT_NEGATIVE,
    "trainer.num_sanity_val_steps": Range(-1),  # -1: all
    "trainer.val_check_interval": POSITIVE,
}


def range_mistakes(config: Mapping[str, Any]) -> Iterator[str]:
    """A line for each number that is out of its range, and for a folder's name that is none; `config` is
    resolved as far as it can be.
    """
    for key, allowed in RANGES.items():
        value = _value(config, key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and value not in allowed:
            yield f"{key}={value}: expected {allowed}"
    if "seed" in config and _value(config, "seed") is None:
        yield "seed=null: expected a whole number: without a seed no run can be repeated"
    steps = _value(config, "trainer.max_steps")
    if steps == 0:
        yield "trainer.max_steps=0: expected 1 or more, or -1 for no limit"
    time = _value(config, "trainer.max_time")
    if isinstance(time, str) and set(time) <= set("0:"):
        yield f"trainer.max_time={time}: expected more than no time, as in 00:01:30:00 (days first)"
    least, most = _value(config, "trainer.min_epochs"), _value(config, "trainer.max_epochs")
    if isinstance(least, int) and isinstance(most, int) and least > most >= 1:
        yield f"trainer.min_epochs={least}: expected at most trainer.max_epochs={most}"
    name = _value(config, FOLDER)
    if isinstance(name, str) and (
        not name.strip() or name in (".", "..", paths.LATEST) or "/" in name
    ):
        yield f"{FOLDER}={name}: expected the name of a folder in {paths.OUTPUTS}/, such as mine"


def _value(config: Mapping[str, Any], key: str) -> Any:
    node: Any = config
    try:
        for part in key.split("."):
            node = node.get(part) if isinstance(node, Mapping) else None
    except OmegaConfBaseException:  # of a missing value, which is said by its name
        return None
    return node
