"""Runs that saw a part of their data only: trials have no winner, others a warning before the numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

from bakeoff.run.parts.part_of_data import TRAINING, TRIALS, VALIDATION
from bakeoff.store.record import RunRecord


def unfit(runs: Sequence[RunRecord]) -> list[str]:
    """Why there is no winner: runs that only try whether a training runs through, or that were validated on
    parts which differ.
    """
    tried = [name for name in TRIALS if any(name in run.part for run in runs)]
    if tried:
        return [
            f"Only a trial ({_settings(runs, tried)}): a few batches, to find out whether a training runs "
            "through. The numbers are no results."
        ]
    seen = {str(run.part.get(VALIDATION)) for run in runs if run.data_fingerprint is not None}
    if len(seen) < 2:
        return []
    return [
        f"The runs were validated on different parts of the data ({_settings(runs, [VALIDATION])}; null is "
        "all), so their numbers do not compare."
    ]


def said(runs: Sequence[RunRecord]) -> str:
    """A sentence for runs that count although they saw a part of the data; empty where all saw all."""
    parts = [
        f"{done} on a part of the data only ({_settings(runs, [name])})"
        for done, name in (("trained", TRAINING), ("validated", VALIDATION))
        if any(name in run.part for run in runs)
    ]
    text = " and ".join(parts)
    return f"{text[0].upper()}{text[1:]}: the numbers hold for that." if text else ""


def _settings(runs: Iterable[RunRecord], names: Iterable[str]) -> str:
    found = {name: dict.fromkeys(_word(run.part.get(name)) for run in runs) for name in names}
    return ", ".join(f"trainer.{name}={', '.join(values)}" for name, values in found.items())


def _word(value: Any) -> str:
    return "null" if value is None else str(value).lower()
