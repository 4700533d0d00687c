"""What each test example adds to the metrics, so that other draws of examples can be evaluated."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn

from bakeoff.data.splits import Units
from bakeoff.run.parts.measures import Measures

Weighted = Callable[[Tensor], dict[str, Tensor]]


class ExampleScores(pl.Callback):
    """Collects, while a module is tested, what its metrics need to be worked out again.

    A metric declares that in one of two ways:

    - `per_example(output, target)` gives a batch's part in sums, tensors (B, ...) by name, and
      `from_sums(sums)` the metrics (R,) of sums (R, ...);
    - `weighted(weights)` gives the metrics (R,) of all that it has seen, where example i counts
      `weights[r, i]` times.

    Metrics that declare neither have no interval.
    """

    def __init__(self) -> None:
        # By place among the metrics: the hash of a metric changes with what it has seen.
        self._metrics: dict[int, nn.Module] = {}
        self._sums: dict[int, list[dict[str, Tensor]]] = {}

    def on_test_batch_end(
        self,
        trainer: pl.Trainer,
        module: pl.LightningModule,
        outputs: Mapping[str, Any],
        batch: tuple[Tensor, Tensor],
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        self.add(module.metrics, outputs["output"], batch[1])

    def add(self, metrics: nn.Module, output: Tensor, target: Tensor) -> None:
        """Keep what a batch of the test adds to `metrics`, which have seen it."""
        self._metrics = dict(enumerate(parts(metrics)))
        for at, metric in self._metrics.items():
            if hasattr(metric, "per_example"):
                found = metric.per_example(output, target)
                kept = {name: values.double().cpu() for name, values in found.items()}
                self._sums.setdefault(at, []).append(kept)

    def over(self, units: Units, number: int | None = None) -> Weighted:
        """The metrics by name, (R,) each, where unit u counts `counts[r, u]` times, `counts` (R, units).
        `number` of them there are, also where the last ones hold no example; None: as many as hold one.

        Call it before the metrics are reset: those that are `weighted` are asked later.
        """
        number = number or int(units.of_example.max()) + 1
        sums = [
            (self._metrics[at].from_sums, _by_unit(batches, units, number))
            for at, batches in self._sums.items()
        ]
        others = [m for m in self._metrics.values() if hasattr(m, "weighted")]

        def weighted(counts: Tensor) -> dict[str, Tensor]:
            found: dict[str, Tensor] = {}
            for from_sums, own in sums:
                found |= from_sums({n: torch.tensordot(counts, v, dims=1) for n, v in own.items()})
            for metric in others:
                found |= metric.weighted(counts[:, units.of_example])
            return found

        return weighted


def parts(metrics: nn.Module) -> Iterator[nn.Module]:
    """The metrics of a task, one by one."""
    if isinstance(metrics, Measures):
        yield from parts(metrics.task)
    elif isinstance(metrics, nn.ModuleDict):  # a MetricCollection is one
        yield from metrics.values()
    else:
        yield metrics


def _by_unit(batches: list[dict[str, Tensor]], units: Units, number: int) -> dict[str, Tensor]:
    """Sums (units, ...) by name of what the examples of each batch add, (B, ...). Raises ValueError where
    these are not all examples.
    """
    found = {}
    for name in batches[0]:
        values = torch.cat([batch[name] for batch in batches])
        if len(values) != len(units.of_example):
            raise ValueError(f"{len(values)} examples were tested of {len(units.of_example)}")
        empty = torch.zeros(number, *values.shape[1:], dtype=values.dtype)
        found[name] = empty.index_add(0, units.of_example, values)
    return found
