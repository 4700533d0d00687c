"""Whether more of a metric is better, or less."""

from collections.abc import Iterable, Mapping

from torch import nn

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.measures import Measures
from bakeoff.store.record import Direction

WORDS = {"max": "more", "min": "less"}


def refuse_wrong_direction(
    name: str, direction: Direction, metrics: nn.Module, losses: Iterable[str]
) -> None:
    """Raises BakeoffError where the worst candidate would be selected. `name` is what the task is selected
    by: one of `metrics`, of the parts of the loss, `losses`, or something else.
    """
    expected = {**dict.fromkeys(losses, "min"), **directions(metrics)}.get(name, direction)
    if expected != direction:
        raise BakeoffError(
            f"task.metric.direction={direction}: of {name} {WORDS[expected]} is better: expected "
            f"task.metric.direction={expected}"
        )


def directions(metrics: nn.Module) -> dict[str, Direction]:
    """`max` or `min` by name, as far as metrics say it: one of several numbers by `directions`, one of a
    single number by torchmetrics' `higher_is_better`.
    """
    if isinstance(metrics, Measures):
        return {**directions(metrics.task), **_of_named(metrics.extra)}
    if isinstance(metrics, nn.ModuleDict):  # a MetricCollection is one
        return _of_named(metrics)
    return dict(getattr(metrics, "directions", {}))


def _of_named(metrics: Mapping[str, nn.Module]) -> dict[str, Direction]:
    found: dict[str, Direction] = {}
    for name, metric in metrics.items():
        found |= directions(metric)
        if isinstance(more := getattr(metric, "higher_is_better", None), bool):
            found[name] = "max" if more else "min"
    return found
