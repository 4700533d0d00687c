"""Learning curves: the scalars that a run logged to TensorBoard, read back."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isfinite
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from bakeoff.store import curves_file
from bakeoff.store.events import EVENTS

Point = tuple[int, float]
EPOCH = "epoch"
LOGGED_EPOCH = "watch/epoch"  # as bakeoff.run.parts.event_log has it, which needs torch


class Curve(NamedTuple):
    """One scalar over training: `values[i]` at `x[i]`, x strictly increasing, all values finite."""

    x: list[int]
    values: list[float]


def read_curves(run_dir: Path) -> dict[str, Curve]:
    """Read every scalar that a run logged, by tag: from its `curves.json`, or else from the event files
    under `run_dir`.

    x is the epoch where the run logged the scalar `watch/epoch`, or `epoch`, as Lightning does beside
    everything it logs; several values of one epoch are averaged. Otherwise x is the step. The epoch
    itself stays in the result as `epoch`, so `"epoch" in curves` tells which. Values that are not finite
    are left out.

    Raises nothing about the files: a missing or damaged one contributes what comes before its
    damage, which may be nothing at all, and the result is then empty.
    """
    logged = curves_file.read(run_dir)
    if logged is None:
        logged = _from_events(run_dir)
    # Only now: a value that is not finite still overrules the one it came to replace.
    points = {
        EPOCH if tag == LOGGED_EPOCH else tag: [point for point in found if isfinite(point[1])]
        for tag, found in logged.items()
    }
    epochs = points.get(EPOCH, [])
    return {tag: by_epoch(found, epochs) for tag, found in points.items() if found}


def _from_events(run_dir: Path) -> dict[str, list[Point]]:
    points: dict[str, list[Point]] = {}
    # A resumed run leaves a second file; names start with the time of creation.
    for path in sorted(run_dir.rglob(EVENTS), key=lambda path: path.name):
        for tag, found in _scalars(path):
            points[tag] = continued(points.get(tag, []), found)
    return points


def continued(points: list[Point], later: Iterable[Point]) -> list[Point]:
    """Return `points` followed by `later`, which overrules every point at or after its own steps.

    A run that resumes from a checkpoint repeats the steps after it; the repetition is what counts.
    """
    points = list(points)
    for step, value in later:
        while points and points[-1][0] >= step:
            points.pop()
        points.append((step, value))
    return points


def by_epoch(points: list[Point], epochs: list[Point]) -> Curve:
    """Put `points` over epochs: each step belongs to the epoch last logged at or before it.

    Without `epochs` the steps are x.
    """
    if not epochs:
        return Curve([step for step, _ in points], [value for _, value in points])
    x = [round(epoch) for epoch in _epochs_of([step for step, _ in points], epochs)]
    if all(a < b for a, b in pairwise(x)):
        return Curve(x, [value for _, value in points])
    values: dict[int, list[float]] = {}
    for epoch, (_, value) in zip(x, points, strict=True):
        values.setdefault(epoch, []).append(value)
    return Curve(sorted(values), [fmean(values[epoch]) for epoch in sorted(values)])


def _epochs_of(steps: list[int], epochs: list[Point]) -> list[float]:
    """The epoch of each step."""
    if steps == [step for step, _ in epochs]:  # as of all that is logged once an epoch
        return [epoch for _, epoch in epochs]
    begins = [step for step, _ in epochs]
    # A scalar logged before the first `epoch` belongs to the epoch training started in.
    return [epochs[max(bisect_right(begins, step) - 1, 0)][1] for step in steps]


def mean_curve(curves: list[Curve]) -> Curve:
    """Average `curves` at every x that all of them have.

    It ends with the shortest curve: averaging only those that go on would show a jump where a run
    stopped early, not something that a model learned.
    """
    if not curves:
        return Curve([], [])
    lookups = [dict(zip(curve.x, curve.values, strict=True)) for curve in curves]
    x = sorted(set(lookups[0]).intersection(*lookups[1:]))
    return Curve(x, [fmean(lookup[at] for lookup in lookups) for at in x])


def _scalars(path: Path) -> Iterator[tuple[str, list[Point]]]:
    """Yield the scalars of one event file by tag, none where nothing in it can be read."""
    # Imported here: only a report needs TensorBoard's reader, and it costs most of a second.
    from google.protobuf.message import DecodeError
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    # 0 keeps every scalar (the default is a random sample); of what is not read here, keep little.
    accumulator = EventAccumulator(
        str(path),
        size_guidance={"scalars": 0, "tensors": 1, "images": 1},
        purge_orphaned_data=False,
    )
    try:
        accumulator.Reload()
    except (OSError, DecodeError):
        return
    for tag in accumulator.Tags()["scalars"]:
        yield tag, [(event.step, event.value) for event in accumulator.Scalars(tag)]
