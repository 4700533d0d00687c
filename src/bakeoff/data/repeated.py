"""Whether samples are the same each time they are read, where that decides."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bakeoff.data.samples import content_digest, fixed_draws, spread

READ = 50  # samples that are read twice


def repeated_mistake(
    validation: Sequence[Any], training_targets: Callable[[], Iterable[Any]], seed: int
) -> str | None:
    """What differs between two readings, in words; None where nothing does.

    Validation samples are read one after the other: an evaluation must not draw. `training_targets()` is
    read from the same `seed` each time: a training may draw, from the global generators.
    """
    rows = spread(len(validation), READ)
    with fixed_draws(seed):
        first, again = (content_digest(validation[i] for i in rows) for _ in range(2))
    if first != again:
        return (
            "validation samples are others each time they are read, so that candidates would be compared "
            "on different data: leave random transforms to the training"
        )
    targets = []
    for _ in range(2):
        with fixed_draws(seed):
            targets.append(content_digest(training_targets()))
    if targets[0] != targets[1]:
        return (
            "training targets are others each time they are read, of any seed: let them draw from the "
            "global generators of torch, numpy or random"
        )
    return None
