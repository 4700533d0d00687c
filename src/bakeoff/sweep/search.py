"""Sweepers that choose the jobs while they run, such as Optuna's: what they may choose from."""

from collections.abc import Sequence

from hydra.core.override_parser.types import IntervalSweep, Override
from omegaconf import DictConfig

from bakeoff.run.run_id import REPLICATE_KEYS

SWEEPER = "hydra/sweeper"
ALL_COMBINATIONS = ("grid", "basic")  # sweepers whose jobs are known beforehand


def searches(config: DictConfig) -> bool:
    """Whether the sweeper of a config chooses its jobs while it runs."""
    return config.hydra.runtime.choices[SWEEPER] not in ALL_COMBINATIONS


def search_mistakes(overrides: Sequence[Override], config: DictConfig) -> list[str]:
    """A line for each override that would let a search choose what only repeats a candidate."""
    sweeper = config.hydra.runtime.choices[SWEEPER]
    return [
        f"{o.input_line}: {SWEEPER}={sweeper} would search {o.key_or_group} as if it were a setting, and "
        f"the luckiest would win: give one value, as in {o.key_or_group}=0; train what it finds with "
        "more seeds by bakeoff run"
        for o in overrides
        if o.is_sweep_override() and o.key_or_group in REPLICATE_KEYS
    ]


def tried(override: Override) -> str:
    """An override with values that can be counted, for the check: of an interval its two ends."""
    if override.is_sweep_override() and isinstance(value := override.value(), IntervalSweep):
        return f"{override.get_key_element()}={value.start},{value.end}"
    return override.input_line
