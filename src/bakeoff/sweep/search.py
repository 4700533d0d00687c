"""Sweepers that choose the jobs while they run, such as Optuna's: what they may choose from."""

from collections.abc import Iterator, Sequence

from hydra.core.override_parser.types import IntervalSweep, Override
from omegaconf import DictConfig, OmegaConf

from bakeoff.identity.run_id import REPLICATE_KEYS

SWEEPER = "hydra/sweeper"
DIRECTION = "hydra.sweeper.direction"
ALL_COMBINATIONS = ("grid", "basic")  # sweepers whose jobs are known beforehand


def searches(config: DictConfig) -> bool:
    """Whether the sweeper of a config chooses its jobs while it runs."""
    return config.hydra.runtime.choices[SWEEPER] not in ALL_COMBINATIONS


def search_mistakes(overrides: Sequence[Override], config: DictConfig) -> list[str]:
    """A line for each override that would let a search choose what only repeats a candidate, and one for a
    search in the wrong direction.
    """
    sweeper = config.hydra.runtime.choices[SWEEPER]
    return [
        *_direction_mistakes(overrides, config),
        *_replicate_mistakes(overrides, sweeper),
    ]


def _direction_mistakes(overrides: Sequence[Override], config: DictConfig) -> Iterator[str]:
    given = {o.key_or_group: o.value() for o in overrides if not o.is_sweep_override()}
    asked = given.get(DIRECTION, OmegaConf.select(config, DIRECTION))
    metric = config.task.metric
    better = given.get("task.metric.direction", metric.direction)
    expected = {"max": "maximize", "min": "minimize"}.get(better)
    if asked is not None and expected is not None and str(asked).rpartition(".")[2] != expected:
        yield (
            f"{DIRECTION}={asked}: the task is selected by {metric.name}, of which "
            f"{'more' if better == 'max' else 'less'} is better: set {DIRECTION}={expected}"
        )


def _replicate_mistakes(overrides: Sequence[Override], sweeper: str) -> list[str]:
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
