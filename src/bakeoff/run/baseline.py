"""A baseline: what a net must beat. It is fitted to the training split and evaluated on the validation
split, by the metrics of the task.

A baseline is any object with `fit(features, labels)` and `predict(features)`, such as an estimator of
scikit-learn, described by an entry of `baselines` in the config. What the data declare for nets
(`built_for`) it gets too, as far as its constructor takes it. bakeoff reads `at_most` of an entry itself:
the number of training examples, drawn at random, that it is fitted to.

`task.tabular` says how such an object sees the data of the task:

- `examples(data, split)`: the features (N, ...) of a split, an array, and the targets (N, ...) as the
  metrics expect them, a tensor;
- `labels(targets)`: what the object is fitted to, an array;
- `output(model, features, data)`: what the metrics expect of a net, from the fitted object;
- `units(data, split)`, optional: the unit of each of these examples, as `units(split)` of the data module
  gives them for the examples of a net; needed where the two are in another order.
"""

import inspect
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from omegaconf import DictConfig
from threadpoolctl import threadpool_limits
from torch import Tensor

from bakeoff.data.splits import Units
from bakeoff.errors import BakeoffError
from bakeoff.gate.locate import locate
from bakeoff.identity.environment import environment
from bakeoff.run.hooks.record_progress import finite
from bakeoff.run.parts.build import set_up_data
from bakeoff.run.parts.instantiate import instantiate, instantiate_node, plain_without
from bakeoff.run.parts.measures import build_metrics, scalars
from bakeoff.store.record import RunRecord

AT_MOST = "at_most"
SEED = 0  # a baseline is the same for all seeds of the candidates
CHUNK = 4096  # examples that are predicted at once


@dataclass(frozen=True)
class FittedBaseline:
    """A baseline `model` fitted to the training split of `data`, which it sees as `tabular` says;
    `fit_seconds` is the time of `fit`, `note` says what it was fitted to where that is not all.
    """

    model: Any
    tabular: Any
    data: pl.LightningDataModule
    fit_seconds: float
    note: str

    def answers(self, split: str) -> Iterator[tuple[Tensor, Tensor, float]]:
        """Of each CHUNK of a split that is set up: output, targets and the seconds that predicting took.

        Raises BakeoffError where these are not answers: metrics would make a number of them all the same.
        """
        features, targets = self.tabular.examples(self.data, split)
        for at in range(0, len(targets), CHUNK):
            start = time.perf_counter()
            output = self.tabular.output(self.model, features[at : at + CHUNK], self.data)
            seconds = time.perf_counter() - start
            _refuse_no_answers(output, targets[at : at + CHUNK])
            yield output, targets[at : at + CHUNK], seconds

    def units(self, split: str) -> Units:
        """What is independent in the examples of a split."""
        own = getattr(self.tabular, "units", None)
        return self.data.units(split) if own is None else own(self.data, split)


def _refuse_no_answers(output: Tensor, targets: Tensor) -> None:
    if len(output) != len(targets):
        raise BakeoffError(
            f"{len(output)} answers for {len(targets)} examples: expected one for each"
        )
    if output.isnan().any():
        raise BakeoffError("answers that are not a number (NaN): expected a number in each")


def measure_baseline(config: DictConfig, name: str, record: RunRecord) -> None:
    """Fit the baseline `name` of a config, and fill `record` with what it measures on validation data.

    `train_seconds` is the time of `fit`, `seconds_per_prediction` that of predicting, per example.
    """
    torch.set_num_threads(config.threads)
    with threadpool_limits(config.threads):
        data = set_up_data(config)
        record.data_fingerprint, record.built_for = data.fingerprint, data.built_for
        record.environment = environment("cpu")
        fitted = fit_baseline(config, name, data)
        record.train_seconds, record.note = fitted.fit_seconds, fitted.note
        metrics, count, seconds = build_metrics(config), 0, 0.0
        for output, targets, taken in fitted.answers("val"):
            metrics.update(output, targets)
            count, seconds = count + len(targets), seconds + taken
    record.seconds_per_prediction = seconds / count
    values = scalars(metrics.compute())
    record.metrics = {key: finite(value) for key, value in values.items()}
    record.metric.value = record.metrics.get(record.metric.name)
    if record.metric.name not in record.metrics:
        record.note = f"{record.metric.name} is not measured of baselines"


def fit_baseline(config: DictConfig, name: str, data: pl.LightningDataModule) -> FittedBaseline:
    """Fit the baseline `name` of a config to the training split of its data, which are set up; it draws the
    same numbers each time. Raises BakeoffError.
    """
    pl.seed_everything(SEED, verbose=False)
    tabular, note = instantiate(config.task, "tabular"), ""
    model = build_baseline(config, name, data.built_for)
    features, targets = tabular.examples(data, "train")
    labels = tabular.labels(targets)
    chosen = drawn(len(labels), config.baselines[name].get(AT_MOST))
    if chosen is not None:
        note = f"fitted to {len(chosen):,} of {len(labels):,} training examples"
        features, labels = features[chosen], labels[chosen]
    start = time.perf_counter()
    model.fit(features, labels)
    return FittedBaseline(model, tabular, data, time.perf_counter() - start, note)


def build_baseline(config: DictConfig, name: str, declared: dict[str, Any]) -> Any:
    """The object of an entry of `baselines`, with what the data have `declared` for nets as far as it
    takes that. Raises BakeoffError.
    """
    key, node = f"baselines.{name}", plain_without(config.baselines[name], (AT_MOST,))
    try:
        known = inspect.signature(locate(node._target_)).parameters
    except (ImportError, AttributeError, ValueError, TypeError):
        known = {}  # instantiating it says more
    taken = {name: value for name, value in declared.items() if name in known}
    model = instantiate_node(node, key, **taken)
    missing = [part for part in ("fit", "predict") if not hasattr(model, part)]
    if missing:
        raise BakeoffError(
            f"{key}: {node._target_} has no method {' and no '.join(missing)}: expected an object with "
            "fit(features, labels) and predict(features), such as an estimator of scikit-learn"
        )
    return model


def drawn(count: int, most: int | None) -> np.ndarray | None:
    """Which `most` of `count` examples a baseline is fitted to, in their order; None for all."""
    if most is None or count <= most:
        return None
    return np.sort(np.random.default_rng(SEED).permutation(count)[:most])


def baseline_mistakes(config: DictConfig, declared: dict[str, Any]) -> Iterator[str]:
    """A line for each entry of `baselines` that cannot be a baseline of this task."""
    entries = config.get("baselines") or {}
    if entries and config.task.get("tabular") is None:
        yield (
            f"baselines: task {config.task.name} does not say how a baseline sees its data: set "
            "task.tabular, or baselines=none"
        )
        return
    for name, node in entries.items():
        most = node.get(AT_MOST)
        if most is not None and (not isinstance(most, int) or most < 1):
            yield f"baselines.{name}.{AT_MOST}={most}: expected a whole number, 1 or more, or null"
        try:
            build_baseline(config, name, declared)
        except BakeoffError as error:
            yield str(error)
