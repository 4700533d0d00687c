"""The words for what the statistics say, the same on the terminal and in the report."""

from collections.abc import Mapping
from typing import Any

from bakeoff.select.statistics.best_set import BestSet, Standing

BEYOND = 1e9  # a ratio of variances above which the smaller one is nothing but rounding
WORTH_WHILE = 100  # seeds: a difference that takes more to be seen hardly matters


def verdict(standing: Standing, found: BestSet, folds: int, extend: str) -> str:
    """Say what is claimed of a candidate, compared over seeds on one split or over several folds; `extend`
    is the command that would add seeds.
    """
    match standing.verdict:
        case "best":
            return f"the best, at {percent(found.confidence)}"
        case "may_be_best":
            return f"among {len(found.members)} that may be the best"
        case "not_best":
            return "not the best"
        case "observed" if folds > 1:
            return "observed only: two folds; three or more are compared"
        case "observed":
            return f"observed only: two runs; add seeds with `{extend}`"
        case "single":
            return f"one run each: not comparable; add seeds with `{extend}`"
        case "lost":
            return "a run did not complete: not comparable"
        case "apart":
            return "shares too few seeds with the others: not comparable"
        case "alone":
            return "nothing to compare with"


def analysis(found: BestSet, folds: int) -> str:
    """Say how the candidates were compared, over seeds on one split or over several folds; empty where
    nothing is claimed.
    """
    if not found.members:
        return ""
    said = []
    if found.variance is not None:
        said.append(
            f"{len(found.pool)} candidates compared with one pooled variance over shared "
            f"{'folds' if folds > 1 else 'seeds'} ({found.df} degrees of freedom)"
        )
    for name, ratio in (found.alone or {}).items():
        said.append(f"{name} compared alone: {_why_alone(ratio)}")
    return "; ".join([*said, replicates(folds)])


def _why_alone(ratio: float | None) -> str:
    """Why a candidate's variance, `ratio` times the others', is not pooled with theirs."""
    if ratio is None:
        return "it does not vary"
    if ratio > BEYOND:
        return "the others differ from each other by the same on every seed"
    return f"its variance is {ratio:.3g} times theirs"


def replicates(folds: int) -> str:
    """Say what the intervals are over."""
    if folds > 1:
        return f"over {folds} folds, corrected for the training data that they share (Nadeau and Bengio)"
    return "over seeds, for this split of the data"


def more_replicates(have: int, need: int | None, power: float, extend: str) -> str:
    """Say how many seeds would separate the leader from the next."""
    if need is None or need > WORTH_WHILE:
        return f"more than {WORTH_WHILE} seeds would be needed to separate the leader from the next"
    if need <= have:
        return f"{have} seeds separate the leader from the next with {percent(power)} power"
    return (
        f"{need - have} more seeds would separate the leader from the next with {percent(power)} "
        f"power, if the difference is as large as observed: `{extend}`"
    )


def practical_words(found: Mapping[str, Any]) -> str:
    """Say how probable it is that a candidate is `better` by more than a margin, `equal` within it, or
    `worse`.
    """
    return ", ".join(f"{percent(found[key])} {key}" for key in ("better", "equal", "worse"))


def percent(probability: float) -> str:
    """A probability as people read it: 95 %, 99.9 %, never a rounded 100 %."""
    if 0 < probability < 0.001:
        return "below 0.1 %"
    if 0.999 < probability < 1:
        return "above 99.9 %"
    digits = 1 if 0.99 < probability < 1 or 0 < probability < 0.01 else 0
    return f"{100 * probability:.{digits}f} %"
