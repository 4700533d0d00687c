"""`plan.json`: the jobs of a sweep, written before the first of them starts."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.store import atomic

FILE_NAME = "plan.json"


@dataclass(frozen=True, kw_only=True)
class PlannedJob:
    """One run of a sweep: what its record will call it, and what it trains.

    `config` is the composed config as YAML, the content of the run's `.hydra/config.yaml`: nothing in it is
    resolved.
    """

    number: int
    id: str
    candidate: str
    candidate_id: str
    seed: int
    overrides: list[str]
    config: str


@dataclass(frozen=True, kw_only=True)
class PlanFile:
    """A sweep as it was asked for: `overrides` as they were typed, `search_path` that of
    `hydra.searchpath`, `config_dir` the folder of the primary config `config_name`, None where that is
    bakeoff's own.
    """

    experiment: str
    config_name: str
    config_dir: str | None
    search_path: list[str]
    overrides: list[str]
    jobs: list[PlannedJob]

    def write(self, sweep_dir: Path) -> None:
        """Write `plan.json` into `sweep_dir`, whole or not at all."""
        atomic.write_json(sweep_dir / FILE_NAME, asdict(self))


def read(sweep_dir: Path) -> PlanFile:
    """The plan of a sweep. Raises BakeoffError where it is missing, damaged or of another kind."""
    path = sweep_dir / FILE_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BakeoffError(
            f"cannot read {path}: {error.strerror}; give the folder of a sweep"
        ) from None
    except ValueError as error:
        raise BakeoffError(f"{path} is damaged ({error}): run this sweep again") from None
    plan = _checked(PlanFile, content, str(path))
    jobs = [
        PlannedJob(**_checked(PlannedJob, job, f"{path}: jobs[{at}]"))
        for at, job in enumerate(plan.pop("jobs"))
    ]
    return PlanFile(**plan, jobs=jobs)


def _checked(kind: type, content: Any, where: str) -> dict[str, Any]:
    """The values of the fields of `kind`, each of its type; what a newer version writes is left out."""
    if not isinstance(content, dict):
        raise BakeoffError(f"{where} is not a sweep's plan: expected an object, got {content!r}")
    found = {}
    for field in fields(kind):
        if field.name not in content:
            raise BakeoffError(f"{where} is not a sweep's plan: expected the key {field.name!r}")
        found[field.name] = content[field.name]
        if not _fits(found[field.name], field.type):
            raise BakeoffError(
                f"{where}: {field.name} is {found[field.name]!r}, expected {_said(field.type)}"
            )
    return found


def _fits(value: Any, kind: Any) -> bool:
    if kind == list[str]:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == list[PlannedJob]:
        return isinstance(value, list)
    return isinstance(value, kind) and not isinstance(value, bool)


def _said(kind: Any) -> str:
    words = {str: "a text", int: "a whole number", list[str]: "a list of texts"}
    return words.get(kind, "a list of jobs" if kind == list[PlannedJob] else "a text or null")
