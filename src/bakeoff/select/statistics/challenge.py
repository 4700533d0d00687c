"""Whether another finalist takes the place of the first selection, by fresh seeds alone."""

from dataclasses import dataclass
from typing import Literal

from bakeoff.select.statistics.blocks import Table
from bakeoff.select.statistics.holm import Pair, finalist_pairs


@dataclass(frozen=True)
class Challenge:
    """The `winner` among finalists, and all `pairs` of them with their differences on fresh seeds."""

    winner: str
    pairs: list[Pair]


def challenge(
    first: str,
    table: Table,
    direction: Literal["max", "min"],
    confidence: float,
    test_to_train: float,
) -> Challenge:
    """Let the finalists of `table` (values on fresh seeds) challenge the `first` selection.

    It stands unless another finalist is shown better at the given confidence, with Holm's correction for
    all pairs; of several such the one furthest ahead takes its place. To take the best fresh mean instead
    would select by the seeds that then tell the winner's performance, and flatter it again: by 0.38
    standard deviations for 3 equal finalists with 5 seeds, against less than 0.1 with this rule
    (`benchmarks/evidence.py`).
    """
    sign = 1 if direction == "max" else -1
    pairs = finalist_pairs(table, confidence, test_to_train)
    ahead: dict[str, float] = {}
    for pair in pairs:
        if first in (pair.a, pair.b) and pair.adjusted_p < 1 - confidence:
            other, lead = (
                (pair.b, -pair.difference.mean)
                if pair.a == first
                else (pair.a, pair.difference.mean)
            )
            if sign * lead > 0:
                ahead[other] = sign * lead
    return Challenge(max(ahead, key=lambda name: ahead[name], default=first), pairs)
