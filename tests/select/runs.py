"""Records and plans of runs as tests of the leaderboard need them."""

from typing import NamedTuple

from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.selection import Selection

MEDIAN = Selection(
    margin=0.02, prefer=None, run="median", test="selected", finalists=None, finalist_seeds=5
)


def run(candidate: str, seed: int, value: float | None, status="completed", direction="max"):
    return RunRecord(
        id=f"{candidate}-{seed}",
        status=status,
        experiment="e",
        task="t",
        candidate=candidate,
        overrides=[f"model={candidate}", f"seed={seed}"],
        seed=seed,
        metric=Metric("score", direction, value, 3),
        parameters=10,
        train_seconds=2.0 + seed,
    )


def seeds(candidate: str, *values: float | None) -> list[RunRecord]:
    return [
        run(candidate, seed, value, "completed" if value is not None else "diverged")
        for seed, value in enumerate(values)
    ]


def of_data(fingerprint: str, record: RunRecord, fold: int | None = None) -> RunRecord:
    record.data_fingerprint = fingerprint
    if fold is not None:
        record.overrides = [*record.overrides, f"data.fold={fold}"]
    return record


class Job(NamedTuple):
    id: str
    candidate: str
    seed: int = 0
    overrides: tuple[str, ...] = ()
    candidate_id: None = None
