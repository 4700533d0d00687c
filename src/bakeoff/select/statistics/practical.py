"""How probable it is that a difference matters in practice."""

from dataclasses import dataclass
from typing import Literal

from bakeoff.errors import BakeoffError
from bakeoff.select.statistics.difference import Difference
from bakeoff.select.statistics.student import upper_tail


@dataclass(frozen=True)
class Practical:
    """Probabilities that a is better than b by more than the margin, equal within it, or worse."""

    better: float
    equal: float
    worse: float


def practical(difference: Difference, margin: float, direction: Literal["max", "min"]) -> Practical:
    """Split the posterior of the difference a - b at -margin and +margin.

    With the flat prior, the posterior of the difference is Student's t with `df` degrees around the mean,
    scaled by the standard error; between the margins lies the region of practical equivalence (Benavoli,
    Corani, Demsar, Zaffalon, JMLR 18, 2017). `margin` is in the metric's unit. Raises BakeoffError for a
    negative margin.
    """
    if not margin >= 0:
        raise BakeoffError(f"selection.margin={margin}: expected zero or a positive number")
    mean = difference.mean if direction == "max" else -difference.mean
    if difference.standard_error > 0:
        better, worse = (
            upper_tail((margin - towards) / difference.standard_error, difference.df)
            for towards in (mean, -mean)
        )
    else:
        better, worse = float(mean > margin), float(mean < -margin)
    return Practical(better, max(0.0, 1 - better - worse), worse)
