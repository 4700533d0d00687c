"""The HParams table of a sweep: the same columns for all of its runs, and a row for each run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.identity.candidate import decides, key_of
from bakeoff.store import plan_file
from bakeoff.store.masking import masked
from bakeoff.store.plan_file import PlannedJob
from bakeoff.store.record import RunRecord

Value = float | bool | str
MODEL, PARAMETERS = "model", "parameters"
# Shown whether or not they differ between the runs of a sweep.
ALWAYS = (MODEL, "seed", "optimizer.lr", "data.batch_size", "trainer.max_epochs")


@dataclass(frozen=True)
class Column:
    """A setting. `kind` is that of all its values: float, bool, or str; `values` are those that the sweep
    asks for, without repetition; `differs`: whether they are several.
    """

    name: str
    kind: type
    values: tuple[Value, ...]
    differs: bool

    def fit(self, value: Value | None) -> Value | None:
        """`value` as one of this column's kind; None where it is none, as null in a column of numbers."""
        if value is None or type(value) is self.kind:
            return value
        return str(value) if self.kind is str else None


def columns(jobs: Iterable[Sequence[str]], constant: Mapping[str, Value]) -> list[Column]:
    """The columns of a sweep whose jobs have these overrides: first those whose values differ.

    `constant` are settings that no job overrides. Overrides that all jobs share are left out.
    """
    jobs = [dict(assignments(overrides)) for overrides in jobs]
    found: dict[str, list[Value | None]] = {}
    for key in dict.fromkeys(key for job in jobs for key in job):
        values = [parsed(job[key]) if key in job else None for job in jobs]
        if key in ALWAYS or len(set(values)) > 1:
            found[key] = values
    made = [_column(key, values) for key, values in found.items()]
    made += [_column(key, [value]) for key, value in constant.items() if key not in found]
    return sorted(made, key=lambda column: (not column.differs, _place(column.name)))


def row(columns: Iterable[Column], own: Mapping[str, Value | None]) -> dict[str, Value]:
    """The cells of a run: its `own` settings by key, each of its column's kind. What is null or unknown has
    no cell.
    """
    cells = {column.name: column.fit(own.get(column.name)) for column in columns}
    return {name: value for name, value in cells.items() if value is not None}


def settings(
    config: DictConfig, overrides: Sequence[str], choices: Mapping[str, str | None]
) -> dict[str, Value | None]:
    """The settings of a run by key: what it overrides and what is always shown; a group by the `choices` of
    options, anything else by its value in `config`.
    """
    given = dict(assignments(overrides))
    found = {}
    for key in dict.fromkeys((*ALWAYS, *given)):
        if choices.get(key) is not None:
            found[key] = choices[key]
            continue
        value = OmegaConf.select(config, key) if "/" not in key else given.get(key)
        if isinstance(value, str) and "${" in given.get(key, ""):
            value = given[key]  # as typed: a reference may name a secret of this machine
        if isinstance(value, str):
            value = masked(value)
        if OmegaConf.is_config(value):
            value = given.get(key, str(value))
        found[key] = _number(value)
    return found


def planned_jobs(run_dir: Path, record: RunRecord) -> Sequence[PlannedJob | RunRecord]:
    """All jobs of the sweep in which `record` is a run; itself alone without a plan."""
    try:
        jobs = plan_file.read(run_dir.parent).jobs
    except BakeoffError:
        jobs = []
    known = any(job.id == record.id for job in jobs)
    return jobs if known else [record]


def assignments(overrides: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Key and value of each override that sets one; those that decide no training are left out."""
    for override in overrides:
        if "=" in override and not override.startswith("~") and decides(key_of(override)):
            yield key_of(override), override.partition("=")[2]


def parsed(text: str) -> Value | None:
    """A value as it is typed on the command line: a number, true or false, null, or else text."""
    text = text.strip().strip("'\"")
    known = {"true": True, "false": False, "null": None}
    if text.lower() in known:
        return known[text.lower()]
    try:
        return float(text)
    except ValueError:
        return text


def _number(value: Any) -> Value | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if value is None or isinstance(value, float | bool | str) else str(value)


def _column(name: str, values: Iterable[Value | None]) -> Column:
    distinct = tuple(dict.fromkeys(values))
    known = tuple(value for value in distinct if value is not None)
    kinds = {type(value) for value in known}
    kind = kinds.pop() if len(kinds) == 1 else str
    return Column(name, kind, tuple(kind(value) for value in known), len(distinct) > 1)


def _place(name: str) -> tuple[bool, str]:
    return name != MODEL, name
