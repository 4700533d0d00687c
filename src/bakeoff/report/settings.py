"""The settings of candidates: what their overrides give each key."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from bakeoff.identity.candidate import key_of


def settings_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The value of each key that a candidate's overrides set; `null` for one that they delete."""
    return {
        key_of(override): override.partition("=")[2].strip("'\"") or "null"
        for override in row["overrides"]
    }


def is_whole(row: Mapping[str, Any]) -> bool:
    """Whether all runs of a candidate completed: what is left of others would be chosen by luck."""
    return row["mean"] is not None and row["n"] == sum(row["status_counts"].values())


def varied(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[float] | list[str]]:
    """Each key of several values among candidates, with the value of every candidate: numbers where
    all are numbers, else words; `–` where a candidate does not set the key.
    """
    settings = [settings_of(row) for row in rows]
    keys = dict.fromkeys(key for own in settings for key in own)
    found = {}
    for key in keys:
        values = [own.get(key, "–") for own in settings]
        if len(set(values)) > 1:
            numbers = [number_in(value) for value in values]
            found[key] = values if None in numbers else numbers
    return found


def number_in(text: str) -> float | None:
    """The finite number that a value is, if it is one."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
