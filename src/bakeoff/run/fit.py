"""Training with Lightning: loggers, checkpoints, callbacks, and what the record gets from them."""

import logging
import math
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig
from pytorch_lightning.callbacks import (
    Callback,
    EarlyStopping,
    ModelCheckpoint,
    RichProgressBar,
)
from pytorch_lightning.loggers import TensorBoardLogger
from pytorch_lightning.utilities.exceptions import SIGTERMException

from bakeoff.errors import BakeoffError
from bakeoff.run.build import build_data, build_module, instantiate
from bakeoff.run.environment import environment
from bakeoff.run.run_id import decisive
from bakeoff.run.supervised import DivergedError, Supervised
from bakeoff.store import atomic
from bakeoff.store.digest import file_digest
from bakeoff.store.record import Checkpoint, RunRecord

log = logging.getLogger(__name__)
logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)  # no tips, no device tables

TIMED = 10  # batches
TASK_CALLBACKS = ("showcase", "probe")


class RecordProgress(Callback):
    """Keeps `run.json` true after every epoch: whoever reads it sees how far the run is."""

    def __init__(self, record: RunRecord, run_dir: Path) -> None:
        self.record = record
        self.run_dir = run_dir

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Note the validation metrics of the best epoch so far."""
        if trainer.sanity_checking:
            return
        metrics = {
            name.removeprefix("val/"): finite(value)
            for name, value in trainer.callback_metrics.items()
            if name.startswith("val/")
        }
        record, metric = self.record, self.record.metric
        record.epochs = trainer.current_epoch + 1
        value = metrics.get(metric.name)
        if metric.name not in metrics:
            raise BakeoffError(
                f"task.metric.name is {metric.name!r}, but the task measures {sorted(metrics)}"
            )
        if value is not None and (metric.value is None or better(value, metric)):
            metric.value, metric.epoch = value, trainer.current_epoch
            record.metrics = metrics
        record.write(self.run_dir)


def better(value: float, metric: Any) -> bool:
    """Whether `value` is better than the metric's value so far."""
    return value > metric.value if metric.direction == "max" else value < metric.value


def finite(value: Any) -> float | None:
    """A number as JSON knows it: None for NaN and infinities."""
    number = float(value)
    return number if math.isfinite(number) else None


def fit(config: DictConfig, record: RunRecord, run_dir: Path, show_progress: bool) -> None:
    """Train as `config` says and fill `record`; every outcome is a status, nothing is raised
    but faults of bakeoff's own, and those are recorded too.
    """
    try:
        _fit(config, record, run_dir, show_progress)
        record.status = "completed"
    except DivergedError as error:
        record.status, record.error = "diverged", str(error)
    except (KeyboardInterrupt, SIGTERMException, SystemExit):
        record.status, record.error = "interrupted", "stopped by a signal before it was done"
    except (BakeoffError, OSError, torch.OutOfMemoryError) as error:
        record.status, record.error = "failed", str(error)
    except Exception as error:
        record.status, record.error = "failed", f"{type(error).__name__}: {error}"
        log.exception("a fault in this run")


def _fit(config: DictConfig, record: RunRecord, run_dir: Path, show_progress: bool) -> None:
    torch.set_num_threads(config.threads)
    pl.seed_everything(config.seed, workers=True, verbose=False)
    data = build_data(config)
    data.setup("fit")
    record.data_fingerprint = data.fingerprint
    record.built_for, record.artifacts = data.built_for, list(data.artifacts)
    for name, path in data.artifacts.items():
        atomic.write_bytes(run_dir / name, path.read_bytes())
    module = build_module(config, data)
    record.parameters = sum(p.numel() for p in module.net.parameters())
    best = ModelCheckpoint(
        run_dir / "checkpoints",
        "best",
        monitor=f"val/{record.metric.name}",
        mode=record.metric.direction,
        save_last=True,
        enable_version_counter=False,
    )
    logger = TensorBoardLogger(run_dir, name="", version="", default_hp_metric=False)
    callbacks = [best, RecordProgress(record, run_dir)]
    callbacks += filter(None, (instantiate(config.task, key) for key in TASK_CALLBACKS))
    if config.patience is not None:
        callbacks.append(EarlyStopping(best.monitor, mode=best.mode, patience=config.patience))
    if show_progress:
        callbacks.append(RichProgressBar())
    with quiet_lightning():
        trainer = instantiate(
            config,
            "trainer",
            logger=logger,
            callbacks=callbacks,
            default_root_dir=str(run_dir),
            enable_progress_bar=show_progress,
            enable_model_summary=False,
            num_sanity_val_steps=0,
        )
        record.environment = environment(str(trainer.strategy.root_device))
        start = time.monotonic()
        trainer.fit(module, datamodule=data)
    record.train_seconds = time.monotonic() - start
    trained = trainer.global_step * trainer.accumulate_grad_batches * data.batch_size
    record.samples_per_second = trained / record.train_seconds
    module.to(trainer.strategy.root_device)  # Lightning has taken it to the CPU
    record.seconds_per_prediction = seconds_per_prediction(module, data)
    record.peak_memory_bytes = peak_memory(trainer.strategy.root_device)
    record.checkpoint = _checkpoint(run_dir)
    _log_hyperparameters(logger, config, record)


@contextmanager
def quiet_lightning() -> Iterator[None]:
    """Without the warnings of Lightning that no user of ours can act on."""
    with warnings.catch_warnings():
        # Batches are one index operation: worker processes would only slow them down.
        warnings.filterwarnings("ignore", ".*does not have many workers.*")
        warnings.filterwarnings("ignore", ".*smaller than the logging interval.*")
        warnings.filterwarnings("ignore", ".*LeafSpec.* is deprecated", FutureWarning)
        warnings.filterwarnings("ignore", ".*checkpoint directory.*exists and is not empty.*")
        # The metrics have summed over all processes before they are logged.
        warnings.filterwarnings("ignore", ".*It is recommended to use .*sync_dist=True.*")
        yield


def seconds_per_prediction(module: Supervised, data: pl.LightningDataModule) -> float:
    """Time of the net alone per validation sample, in batches of the data's size: the median of some."""
    validation, times = data.splits["val"], []
    inputs = validation[: data.batch_size][0].to(module.device)
    module.eval()
    with torch.no_grad():
        for _ in range(TIMED + 2):  # the first ones warm up
            start = time.perf_counter()
            output = module(inputs)
            if output.is_cuda:
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
    return statistics.median(times[2:]) / len(inputs)


def _checkpoint(run_dir: Path) -> Checkpoint:
    path = run_dir / "checkpoints" / "best.ckpt"
    if not path.is_file():  # Lightning passes over some errors of the file system
        raise BakeoffError(
            f"no checkpoint was written at {path}: is the folder writable, the disk full?"
        )
    return Checkpoint(str(path.relative_to(run_dir)), file_digest(path))


def _log_hyperparameters(logger: TensorBoardLogger, config: DictConfig, record: RunRecord) -> None:
    """One row of TensorBoard's HParams table, with the values of the best epoch."""
    flat = dict(flatten(decisive(config)))
    results = {f"best/{name}": value for name, value in record.metrics.items() if value is not None}
    costs = {"train_seconds": record.train_seconds, "parameters": float(record.parameters)}
    logger.log_hyperparams(flat, {**results, **costs})
    logger.finalize("success")


def flatten(node: Mapping[str, Any], prefix: str = "") -> Any:
    """Dotted keys and scalar values of nested containers; lists as text."""
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        elif value is None or isinstance(value, list):
            yield f"{prefix}{key}", str(value)
        else:
            yield f"{prefix}{key}", value


def peak_memory(device: torch.device) -> int:
    """The most memory held so far, in bytes: the device's on CUDA, else this process's."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, Linux KiB
