"""When a sweep ends before all of its runs are done: the section `limits` of its config."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from bakeoff.run.hooks.interruption import Interruption
from bakeoff.store.record import RunRecord

KEY = "limits"


@dataclass(frozen=True)
class Limits:
    """The limits of a sweep; None: there is none.

    `run_minutes` and `sweep_minutes`: runs end at their next checkpoint. `stall_minutes`: a job that shows
    no progress for so long is killed. `max_failures`: after so many failed runs no new one starts;
    `fail_fast`: after the first, the running ones end at their next checkpoint, too. `baseline_seconds`: a
    baseline that takes longer is ended.
    """

    run_minutes: float | None = None
    sweep_minutes: float | None = None
    stall_minutes: float | None = None
    max_failures: int | None = None
    fail_fast: bool = False
    baseline_seconds: float | None = None


def limits_of(config: Mapping[str, Any]) -> Limits:
    """The limits that a config sets; none where it has no such section."""
    content = config.get(KEY) or {}
    names = {field.name for field in fields(Limits)}
    return Limits(**{name: value for name, value in content.items() if name in names})


class Failures:
    """Counts the failed runs of a sweep, whose limits say what follows."""

    def __init__(self, limits: Limits, asked: Interruption) -> None:
        self._limits, self._asked = limits, asked
        self._count = 0

    def note(self, run: RunRecord | None, has_failed: bool) -> None:
        """Note the end of a run, by its record; `has_failed`: that of a job without one. Asks the sweep to
        end where its limits say so.
        """
        if not (run.status == "failed" if run is not None else has_failed):
            return
        self._count += 1
        if self._limits.fail_fast:
            self._asked.ask("limits.fail_fast=true")

    @property
    def are_too_many(self) -> str | None:
        """The limit by which no more runs start; None while they may."""
        most = self._limits.max_failures
        return f"limits.max_failures={most}" if most is not None and self._count >= most else None


def limit_mistakes(config: dict[str, Any]) -> Iterator[str]:
    """A line for each limit, and each interval of checkpoints, that cannot be."""
    given = dict(config.get(KEY) or {})
    for name in ("run_minutes", "sweep_minutes", "stall_minutes"):
        yield from _number_mistakes(f"{KEY}.{name}", given.pop(name, None))
    yield from _number_mistakes(f"{KEY}.baseline_seconds", given.pop("baseline_seconds", None))
    failures, fail_fast = given.pop("max_failures", None), given.pop("fail_fast", False)
    if failures is not None and not (_is_whole(failures) and failures >= 1):
        yield f"{KEY}.max_failures={failures}: expected a whole number, 1 or more, or null"
    if not isinstance(fail_fast, bool):
        yield f"{KEY}.fail_fast={fail_fast}: expected true or false"
    for name in given:
        known = ", ".join(field.name for field in fields(Limits))
        yield f"{KEY}.{name}: no such limit: expected one of {known}"
    minutes = (config.get("checkpoint") or {}).get("minutes")
    yield from _number_mistakes("checkpoint.minutes", minutes)


def _number_mistakes(key: str, value: Any) -> Iterator[str]:
    if value is not None and not (_is_number(value) and value > 0):
        yield f"{key}={value}: expected a number above 0, or null"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
