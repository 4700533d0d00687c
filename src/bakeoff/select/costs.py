"""What a candidate costs, and which candidates no other one beats in quality and in a cost."""

from collections.abc import Iterable, Mapping

import numpy as np

from bakeoff.store.record import Direction, RunRecord

# Less of each is better.
COSTS = (
    "parameters",
    "train_seconds",
    "seconds_to_best",
    "latency_seconds",
    "batch_latency_seconds",
    "multiply_adds",
    "peak_memory_bytes",
    "checkpoint_bytes",
)

MEASURED = (*COSTS, "samples_per_second", "latency_p95", "batch_latency_p95")


def run_costs(run: RunRecord) -> dict[str, float | None]:
    """What one run cost; None for what was not measured. Latencies are medians over forward passes, and
    `_p95` their 95th percentiles.
    """
    single, batch = (run.latency.get(part, {}) for part in ("single", "batch"))
    return {
        "parameters": run.parameters,
        "train_seconds": run.train_seconds,
        "seconds_to_best": run.seconds_to_best,
        "samples_per_second": run.samples_per_second,
        "latency_seconds": single.get("median"),
        "latency_p95": single.get("p95"),
        "batch_latency_seconds": batch.get("median"),
        "batch_latency_p95": batch.get("p95"),
        "multiply_adds": run.multiply_adds,
        "peak_memory_bytes": run.peak_memory_bytes,
        "checkpoint_bytes": run.checkpoint_bytes,
    }


def mean_costs(runs: Iterable[RunRecord]) -> dict[str, float]:
    """The means of the costs that some of these runs have."""
    known: dict[str, list[float]] = {}
    for run in runs:
        for name, value in run_costs(run).items():
            if value is not None:
                known.setdefault(name, []).append(value)
    return {name: float(np.mean(values)) for name, values in known.items()}


def front(points: Mapping[str, tuple[float, float]], direction: Direction) -> set[str]:
    """The names of the points (quality, cost) that no other point dominates: none is at least as good and
    at least as cheap, and better in one of the two (Pareto, 1906).
    """
    sign = -1 if direction == "max" else 1
    loss = {name: (sign * quality, cost) for name, (quality, cost) in points.items()}
    return {
        name
        for name, (quality, cost) in loss.items()
        if not any(
            q <= quality and c <= cost and (q, c) != (quality, cost) for q, c in loss.values()
        )
    }


def fronts(
    rows: Iterable[tuple[str, float | None, Mapping[str, float]]], direction: Direction
) -> dict[str, list[str]]:
    """By candidate (name, mean, costs), the costs on whose front it is."""
    rows = [row for row in rows if row[1] is not None]
    on: dict[str, list[str]] = {name: [] for name, _, _ in rows}
    for cost in COSTS:
        points = {name: (mean, costs[cost]) for name, mean, costs in rows if cost in costs}
        for name in front(points, direction):
            on[name].append(cost)
    return on
