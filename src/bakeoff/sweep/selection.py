"""What a sweep's config says of the selection: the section `selection`, and `task.margins`."""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.store import plan_file, record

Cost = Literal["parameters", "train_seconds", "seconds_per_prediction"]
RunChoice = Literal["median", "best"]
TestChoice = Literal["selected", "tie_set"]
SECTION = "selection"
CLAIM = 3  # seeds, from which on something is claimed


@dataclass(frozen=True, kw_only=True)
class Selection:
    """How a candidate and one of its runs are selected.

    `margin`: the difference of the metric that matters in practice, None where nobody has said. `prefer`:
    what decides among the candidates that may be the best, None for the best mean. `run`: which run of the
    selected candidate is tested and kept. `test`: whether the test set is opened for the selected run
    alone, or for a run of each candidate that may be the best. `finalists`: how many of the leading
    candidates are trained again on `finalist_seeds` fresh seeds, None for none.
    """

    margin: float | None
    prefer: Cost | None
    run: RunChoice
    test: TestChoice
    finalists: int | None
    finalist_seeds: int


# Sweeps whose config lacks the section or a key of it keep the selection that they were made with.
EARLIER = Selection(
    margin=None, prefer=None, run="best", test="selected", finalists=None, finalist_seeds=0
)


def selection_of(config: DictConfig) -> Selection:
    """The selection that a composed config asks for. Raises BakeoffError that lists all mistakes."""
    section = _section(config)
    if section is None:
        return EARLIER
    if mistakes := list(selection_mistakes(config)):
        raise BakeoffError("\n".join(mistakes))
    section = asdict(EARLIER) | section
    margin = section["margin"]
    if margin is None:
        metric = OmegaConf.select(config, "task.metric.name")
        margin = (OmegaConf.select(config, "task.margins") or {}).get(metric)
    return Selection(
        margin=None if margin is None else float(margin),
        prefer=section["prefer"],
        run=section["run"],
        test=section["test"],
        finalists=section["finalists"],
        finalist_seeds=section["finalist_seeds"],
    )


def selection_mistakes(config: DictConfig) -> Iterator[str]:
    """A line for each setting of the selection that is none."""
    section = _section(config)
    if not isinstance(section, dict):
        if section is not None:
            yield f"selection={section}: expected a section, as in selection.run=median"
        return
    section = asdict(EARLIER) | section
    choices = {
        "prefer": (None, *get_args(Cost)),
        "run": get_args(RunChoice),
        "test": get_args(TestChoice),
    }
    for key, allowed in choices.items():
        if section.get(key) not in allowed:
            *names, last = (name or "null" for name in allowed)
            yield f"selection.{key}={section.get(key)}: expected {', '.join(names)} or {last}"
    finalists, seeds = section.get("finalists"), section.get("finalist_seeds")
    if finalists is not None and not _is_count(finalists, 1):
        yield f"selection.finalists={finalists}: expected a whole number, 1 or more, or null for none"
    if finalists is not None and not _is_count(seeds, CLAIM):
        yield (
            f"selection.finalist_seeds={seeds}: expected a whole number, {CLAIM} or more: fewer seeds "
            "claim nothing"
        )
    margins = OmegaConf.select(config, "task.margins") or {}
    named = {f"task.margins.{name}": value for name, value in margins.items()}
    for key, value in {"selection.margin": section.get("margin"), **named}.items():
        if value is not None and not _is_margin(value):
            yield f"{key}={value}: expected zero or a positive number, in the metric's unit, or null"


def selection_of_sweep(sweep_dir: Path) -> Selection:
    """The selection that the config of a sweep asked for when it was planned."""
    if (sweep_dir / plan_file.FILE_NAME).exists():
        return selection_of(OmegaConf.create(plan_file.read(sweep_dir).jobs[0].config))
    for run in sorted(sweep_dir.glob(f"*/{record.FILE_NAME}")):  # a search has no plan
        config = run.parent / ".hydra" / "config.yaml"
        if config.is_file():
            return selection_of(OmegaConf.load(config))
    return EARLIER


def _section(config: DictConfig) -> Any:
    section = OmegaConf.select(config, SECTION)
    return (
        OmegaConf.to_container(section, resolve=True) if OmegaConf.is_config(section) else section
    )


def _is_count(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_margin(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value >= 0
