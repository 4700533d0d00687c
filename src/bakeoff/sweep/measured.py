"""Candidates are compared by one metric, measured in one way."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from omegaconf import OmegaConf

from bakeoff.gate.leaves import leaves
from bakeoff.identity.kind import is_lightning
from bakeoff.sweep.content import Content

REFERENCE = re.compile(r"\$\{([^}]*)\}")
DECODE = "task.decode."  # how outputs become answers: candidates may differ in it
LOSS = "loss"  # the name of its value; those of its parts begin with it


def measured_mistakes(candidates: Iterable[Content]) -> Iterator[str]:
    """A line for each key that decides what the metric means, and that has several values."""
    candidates = list(candidates)
    nets = [candidate for candidate in candidates if not is_lightning(candidate.plain)]
    yield from _several(_metric(candidate) for candidate in candidates)
    yield from _several(_measure(candidate) for candidate in nets)  # others measure themselves


def _several(measures: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    distinct = list({str(measure): measure for measure in measures}.values())
    for key in dict.fromkeys(key for measure in distinct for key in measure):
        values = dict.fromkeys(str(measure.get(key, "nothing")) for measure in distinct)
        if len(values) > 1:
            yield (
                f"{key}={','.join(values)}: candidates that are measured in different ways do not compare: "
                "keep one value, and make a sweep for each other one"
            )


def _metric(candidate: Content) -> dict[str, Any]:
    task = candidate.plain.get("task")
    return dict(
        leaves({"task": {"metric": task.get("metric") if isinstance(task, dict) else None}})
    )


def _measure(candidate: Content) -> dict[str, Any]:
    """The keys and values by which a net is measured."""
    found = dict(leaves({"task": {"metrics": _metrics(candidate)}}))
    name = str(_metric(candidate).get("task.metric.name"))
    if name == LOSS or name.startswith(f"{LOSS}_"):
        found |= leaves({LOSS: candidate.plain.get(LOSS)})
    return found


def _metrics(candidate: Content) -> Any:
    """Resolved, but as it was typed where it refers to nothing but the decoding."""
    node = OmegaConf.select(candidate.config, "task.metrics")
    if not OmegaConf.is_config(node):
        return node
    plain = OmegaConf.to_container(node, resolve=False)
    if all(key.startswith(DECODE) for key in REFERENCE.findall(str(plain))):
        return plain
    return candidate.plain["task"]["metrics"]
