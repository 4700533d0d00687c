"""What all runs of a sweep were made of: code, packages, machine, data, each with how many runs have it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bakeoff.select.mixed import versions
from bakeoff.store.record import RunRecord

NOT_RECORDED = "not recorded"


def _of_environment(key: str) -> Callable[[RunRecord], Any]:
    return lambda run: run.environment.get(key)


def _imported(run: RunRecord) -> dict[str, str] | None:
    """The packages that the environment does not list."""
    known = run.environment.get("packages") or {}
    return {name: version for name, version in versions(run) if name not in known} or None


KINDS: list[tuple[str, Callable[[RunRecord], Any]]] = [
    ("Commit", _of_environment("commit")),
    ("Uncommitted changes", _of_environment("dirty")),
    ("Python", _of_environment("python")),
    ("Packages", _of_environment("packages")),
    ("Other packages that the code imports", _imported),
    ("Platform", _of_environment("platform")),
    ("Device", _of_environment("device")),
    ("Data fingerprint", lambda run: run.data_fingerprint),
    ("Taken over from", lambda run: run.reused_from),
]


def provenance(runs: Sequence[RunRecord]) -> list[tuple[str, list[tuple[str, int]]]]:
    """For each kind of origin its values and the number of runs that have them, the most frequent first.

    A kind that no run recorded is left out.
    """
    found = []
    for name, read in KINDS:
        values = Counter(_written(read(run)) for run in runs)
        if set(values) - {NOT_RECORDED}:
            found.append((name, values.most_common()))
    return found


def machines(runs: Iterable[RunRecord]) -> list[str]:
    """What runs were trained on and with, a line for each machine that differs."""
    return list(dict.fromkeys(_machine(run.environment) for run in runs if run.environment))


def _machine(environment: Mapping[str, Any]) -> str:
    packages = environment.get("packages") or {}
    words = [str(environment.get(key, "?")) for key in ("device", "platform")]
    words.append(f"Python {environment.get('python', '?')}")
    words += [f"{name} {packages[name]}" for name in ("bakeoff", "torch") if name in packages]
    if commit := environment.get("commit"):
        words.append(f"commit {commit[:10]}{' with changes' if environment.get('dirty') else ''}")
    return ", ".join(words)


def _written(value: Any) -> str:
    match value:
        case None | "":
            return NOT_RECORDED
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{key} {version}" for key, version in value.items())
        case str():
            return value
    return json.dumps(value)
