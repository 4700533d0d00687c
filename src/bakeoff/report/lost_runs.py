"""The runs that did not complete, those of one reason together."""

from collections.abc import Iterable
from dataclasses import dataclass

from bakeoff.store.record import RunRecord


@dataclass(frozen=True)
class Loss:
    """Runs that ended alike: their status, the first line and the rest of the message, and where the first
    of them that knows was when it failed.
    """

    status: str
    reason: str
    rest: str
    traceback: str
    runs: list[RunRecord]


def lost_runs(runs: Iterable[RunRecord]) -> list[Loss]:
    """What happened to the runs that did not complete, the most frequent first; of those without a message
    last.
    """
    groups: dict[tuple[str, str], list[RunRecord]] = {}
    for run in runs:
        if run.status != "completed":
            groups.setdefault((run.status, (run.error or "").strip()), []).append(run)
    found = [_loss(status, error, own) for (status, error), own in groups.items()]
    return sorted(found, key=lambda loss: (not loss.reason, -len(loss.runs)))


def _loss(status: str, error: str, runs: list[RunRecord]) -> Loss:
    reason, _, rest = error.partition("\n")
    traceback = next((run.traceback for run in runs if run.traceback), "")
    return Loss(status, reason, rest, traceback.strip(), runs)
