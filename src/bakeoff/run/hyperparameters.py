"""A run's row in the HParams table of TensorBoard."""

from collections.abc import Iterator, Mapping
from typing import Any

from omegaconf import DictConfig
from pytorch_lightning.loggers import TensorBoardLogger

from bakeoff.run.run_id import decisive
from bakeoff.store.record import RunRecord

Scalar = str | int | float | bool


def log_hyperparameters(logger: TensorBoardLogger, config: DictConfig, record: RunRecord) -> None:
    """Log the settings that decide the run, the metrics of its best epoch and its costs; close the log."""
    flat = dict(flatten(decisive(config)))
    results = {f"best/{name}": value for name, value in record.metrics.items() if value is not None}
    costs = {"train_seconds": record.train_seconds, "parameters": float(record.parameters)}
    logger.log_hyperparams(flat, {**results, **costs})
    logger.finalize("success")


def flatten(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Scalar]]:
    """The dotted keys and scalar values of nested containers; lists and None become text."""
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        elif value is None or isinstance(value, list):
            yield f"{prefix}{key}", str(value)
        else:
            yield f"{prefix}{key}", value
