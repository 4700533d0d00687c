"""On which data the runs of a sweep were evaluated."""

from collections.abc import Iterable

from bakeoff.identity.candidate import fold_of
from bakeoff.store.record import RunRecord


def data_seen(runs: Iterable[RunRecord]) -> dict[str, dict[str, list[str]]]:
    """The candidates of the completed runs by fold and by fingerprint of the data.

    A run that did not complete has no value that could be compared with another's.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for run in runs:
        if run.status == "completed" and run.data_fingerprint is not None:
            candidates = found.setdefault(fold_of(run.overrides), {})
            candidates.setdefault(run.data_fingerprint, []).append(run.candidate)
    return {
        fold: {fingerprint: list(dict.fromkeys(names)) for fingerprint, names in seen.items()}
        for fold, seen in found.items()
    }
