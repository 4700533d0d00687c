"""How much each architecture was tuned, and what it reaches with as much tuning as the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bakeoff.report.charts.limits import padded
from bakeoff.report.charts.tuning_curve import TuningScale, draw_tuning_curve
from bakeoff.report.settings import is_whole, settings_of
from bakeoff.report.wording import number
from bakeoff.select.judgement import CONFIDENCE
from bakeoff.select.statistics.expected_best import ExpectedBest, expected_best

LEAST = 4  # settings of one architecture, from which on there is something to say
MOST_PANELS = 12
OWN = "the experiment's model"  # where no override chooses one


@dataclass(frozen=True)
class Tuned:
    """One architecture: the number of settings tried, of those `left_out` for a run that did not
    complete, the best of their means, and the expected best of 1, 2, ... settings.
    """

    name: str
    tried: int
    left_out: int
    best: float
    curve: ExpectedBest


def tuned(rows: Sequence[Mapping[str, Any]], direction: str) -> list[Tuned]:
    """The architectures of a leaderboard's rows, the best at equal tuning first; none where no
    architecture was tried with several settings.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(settings_of(row).get("model", OWN), []).append(row)
    found = []
    for name, own in groups.items():
        means = [row["mean"] for row in own if is_whole(row)]
        if means:
            curve = expected_best(means, direction, CONFIDENCE)
            best = max(means) if direction == "max" else min(means)
            found.append(Tuned(name, len(means), len(own) - len(means), best, curve))
    if max((one.tried for one in found), default=0) < LEAST:
        return []
    sign, at = -1 if direction == "max" else 1, equal_tuning(found)
    return sorted(found, key=lambda one: sign * one.curve.expected[at - 1])


def equal_tuning(found: Sequence[Tuned]) -> int:
    """The number of settings that every architecture was tried with."""
    return min(one.tried for one in found)


def tuning_words(found: Sequence[Tuned], direction: str, digits: int) -> list[str]:
    """Say who was tuned more than whom, and whether that decides between them."""
    if len(found) == 1:
        (only,) = found
        half = only.tried // 2
        reached = number(only.curve.expected[half - 1], digits)
        return [
            f"{only.tried} settings reach {number(only.best, digits)} at best; half as many, "
            f"{half}, would be expected to reach {reached}."
        ]
    at = equal_tuning(found)
    if max(one.tried for one in found) == at:
        return [f"Each architecture was tried with {at} settings, so that none was tuned more."]
    by_tries = sorted(found, key=lambda one: -one.tried)
    tries = ", ".join(f"{one.name} with {one.tried}" for one in by_tries)
    said = [
        f"Not all were tuned equally: {tries}. More tries alone find a better best, so that the best "
        "of one architecture does not compare with the best of another."
    ]
    sign = -1 if direction == "max" else 1
    first, leader = found[0], min(found, key=lambda one: sign * one.best)
    if first is not leader:
        values = [number(one.curve.expected[at - 1], digits) for one in (first, leader)]
        each = "1 setting" if at == 1 else f"{at} settings"
        said.append(
            f"{leader.name} has the best setting, but with {each} each {first.name} would be expected "
            f"to reach {values[0]}, {leader.name} {values[1]}."
        )
    return said


def tuning_panels(found: Sequence[Tuned], metric: str) -> list[tuple[str, str]]:
    """Draw a small panel for each architecture of at least LEAST settings, all on one scale."""
    shown = [one for one in found if one.tried >= LEAST][:MOST_PANELS]
    values = [
        value
        for one in found
        for bound in (one.curve.expected, one.curve.low, one.curve.high)
        for value in bound.tolist()
        if value == value  # NaN: the band is open there
    ]
    if not shown:
        return []
    scale = TuningScale(
        x=padded([1, max(one.tried for one in found)], log=False, share=0.03),
        y=padded(values, log=False, share=0.06),
    )
    return [
        (
            one.name,
            draw_tuning_curve(
                one.curve,
                [other.curve.expected.tolist() for other in found if other is not one],
                scale,
                f"Expected best {metric} of {one.name}",
            ),
        )
        for one in shown
    ]
