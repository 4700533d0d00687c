"""Training with Lightning: a config becomes a trained net, its checkpoint and its record."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig, OmegaConf
from pytorch_lightning.callbacks import (
    Callback,
    EarlyStopping,
    ModelCheckpoint,
    ProgressBar,
)

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import RECORDED_TRACEBACK, bounded, bounded_traceback
from bakeoff.identity.environment import environment
from bakeoff.identity.kind import is_lightning
from bakeoff.identity.run_name import run_name
from bakeoff.run.failure import SELF_EXPLAINING, ending
from bakeoff.run.hooks.best_checkpoint import BestCheckpoint
from bakeoff.run.hooks.board import Board
from bakeoff.run.hooks.continuation import AtomicCheckpoints, Continuation, begin_again
from bakeoff.run.hooks.graph_log import GraphLog
from bakeoff.run.hooks.heartbeat import Heartbeat
from bakeoff.run.hooks.hyperparameters import planned_jobs
from bakeoff.run.hooks.interruption import InterruptedRunError, Interruption, interruptible
from bakeoff.run.hooks.live_loss import LiveLoss
from bakeoff.run.hooks.midway import Midway
from bakeoff.run.hooks.progress_bar import RunProgressBar
from bakeoff.run.hooks.record_progress import RecordProgress
from bakeoff.run.hooks.training_clock import TrainingClock
from bakeoff.run.hooks.watch import Watch
from bakeoff.run.hooks.weights_log import WeightsLog
from bakeoff.run.hooks.whole_epochs import WholeEpochs
from bakeoff.run.latency import latency, seconds_per_prediction
from bakeoff.run.memory import peak_memory
from bakeoff.run.multiply_adds import multiply_adds
from bakeoff.run.parts.build import build_module, set_up_data
from bakeoff.run.parts.callbacks import own_callbacks
from bakeoff.run.parts.compiled import compiled
from bakeoff.run.parts.divergence import DivergedError
from bakeoff.run.parts.event_log import EventLog
from bakeoff.run.parts.instantiate import instantiate
from bakeoff.run.parts.own_module import OwnModuleWatch, trained
from bakeoff.run.parts.quiet_lightning import quiet_lightning
from bakeoff.run.parts.supervised import Supervised
from bakeoff.run.parts.trainer import build_loggers, build_trainer, is_overfitted
from bakeoff.run.parts.unused_hooks import leave_out_unused_hooks
from bakeoff.store import atomic
from bakeoff.store.digest import file_digest
from bakeoff.store.record import Checkpoint, RunRecord

log = logging.getLogger(__name__)

Adapt = Callable[[pl.Trainer, Supervised], None]
SetUpData = Callable[[DictConfig], pl.LightningDataModule]
TASK_CALLBACKS = ("showcase", "probe")
EXPECTED = (*SELF_EXPLAINING, DivergedError)  # need no traceback


def fit(
    config: DictConfig,
    record: RunRecord,
    run_dir: Path,
    show_progress: bool,
    goes_on: bool = False,
    set_up_data: SetUpData = set_up_data,
    adapt: Adapt | None = None,
) -> int | None:
    """Train as `config` says and fill `record`; the number of the signal that has ended the run, None where
    none has. A run that `goes_on` begins with its newest checkpoint that the same code wrote with the same
    data, and without one from the start, with nothing left of the try before. `set_up_data(config)` gives
    data that are set up for training; `adapt(trainer, module)` is called when both are made.

    Catches every exception, `sys.exit` and the signals SIGINT and SIGTERM, and notes in `record` how the
    run ended; only the caller writes that to disk.
    """
    number = None
    try:
        with interruptible() as interruption:
            interruption.limit("limits.run_minutes", OmegaConf.select(config, "limits.run_minutes"))
            _fit(config, record, run_dir, show_progress, goes_on, interruption, set_up_data, adapt)
        record.status = "completed"
    except BaseException as error:
        record.status, record.error = ending(error)
        if isinstance(error, Exception) and not isinstance(error, EXPECTED):
            found = bounded_traceback(error)
            record.traceback = bounded(found, RECORDED_TRACEBACK)
            log.error("a fault in this run\n%s", found)
        if isinstance(error, InterruptedRunError):
            number = error.number
    return number


def _fit(
    config: DictConfig,
    record: RunRecord,
    run_dir: Path,
    show_progress: bool,
    goes_on: bool,
    interruption: Interruption,
    set_up_data: SetUpData,
    adapt: Adapt | None,
) -> None:
    torch.set_num_threads(config.threads)
    pl.seed_everything(config.seed, workers=True, verbose=False)
    data = set_up_data(config)
    record.data_fingerprint = data.fingerprint
    checkpoint = begin_again(run_dir, record) if goes_on else None
    record.artifacts = list(data.artifacts)
    if not is_lightning(config):
        record.built_for = data.built_for
    for name, path in data.artifacts.items():
        atomic.write_bytes(run_dir / name, path.read_bytes())
    module = build_module(config, data)
    record.parameters = sum(p.numel() for p in trained(module).parameters())
    logger = EventLog(run_dir, run_name(record))
    show_progress = config.trainer.get("enable_progress_bar", show_progress)
    clock = TrainingClock()
    with quiet_lightning():
        trainer = build_trainer(
            config,
            run_dir,
            callbacks=_callbacks(
                config, record, run_dir, clock, logger, show_progress, interruption
            ),
            loggers=[logger, *build_loggers(config, run_dir)],
            show_progress=show_progress,
        )
        record.max_epochs = trainer.max_epochs
        data.shuffled = not is_overfitted(config)
        device = trainer.strategy.root_device
        record.environment = environment(str(device))
        trainer.strategy.checkpoint_io = AtomicCheckpoints()
        if adapt is not None:
            adapt(trainer, module)
        with compiled(trained(module), config.trainer.get("compile")):
            trainer.fit(module, datamodule=data, ckpt_path=checkpoint or config.get("ckpt_path"))
    if record.epochs and record.metric.value is None:
        raise DivergedError(
            f"val/{record.metric.name} was not finite after any epoch: look at the metric, or at the "
            "outputs of the model on validation data"
        )
    record.train_seconds = clock.seconds
    record.samples_per_second = clock.samples_per_second
    record.peak_memory_bytes = peak_memory(device)
    module.to(device)  # Lightning has taken it to the CPU
    record.latency = latency(module, data)
    record.seconds_per_prediction = seconds_per_prediction(record.latency)
    record.multiply_adds = multiply_adds(module, data)
    record.checkpoint = _checkpoint(run_dir)
    record.checkpoint_bytes = (run_dir / record.checkpoint.path).stat().st_size


def _callbacks(
    config: DictConfig,
    record: RunRecord,
    run_dir: Path,
    clock: TrainingClock,
    logger: EventLog,
    show_progress: bool,
    interruption: Interruption,
) -> list[Callback]:
    best = BestCheckpoint(
        run_dir / "checkpoints",
        "best",
        monitor=f"val/{record.metric.name}",
        mode=record.metric.direction,
        enable_version_counter=False,
    )
    # Not `save_last` of the above: that writes in the epochs only in which there is a new best.
    last = ModelCheckpoint(run_dir / "checkpoints", "last", enable_version_counter=False)
    for checkpoint in (best, last):  # they are written at the end of epochs
        leave_out_unused_hooks(checkpoint, "on_train_batch_end")
    jobs = planned_jobs(run_dir, record)
    only_show_or_store = [
        best,  # the first: it is `trainer.checkpoint_callback`
        last,
        RecordProgress(record, run_dir, clock),
        Watch(clock),
        Board(logger, config, record, jobs),
        LiveLoss(logger),
        WeightsLog(logger, bool(config.trainer.get("histograms"))),
    ]
    if is_lightning(config):
        only_show_or_store.append(OwnModuleWatch())
    else:
        only_show_or_store.append(GraphLog(logger, record, jobs))
        only_show_or_store += filter(None, (instantiate(config.task, k) for k in TASK_CALLBACKS))
    continuation = Continuation(record, run_dir, clock)
    minutes = OmegaConf.select(config, "checkpoint.minutes")
    midway = Midway(continuation, run_dir / "checkpoints", clock, minutes, interruption)
    callbacks = [
        clock,
        WholeEpochs(),
        continuation,
        Heartbeat(run_dir, clock),
        *map(clock.leave_out, only_show_or_store),
    ]
    if config.patience is not None:
        callbacks.append(EarlyStopping(best.monitor, mode=best.mode, patience=config.patience))
    own = own_callbacks(config)
    if show_progress and not any(isinstance(callback, ProgressBar) for callback in own):
        callbacks.append(RunProgressBar())
    callbacks += [*own, clock.leave_out(midway)]
    for callback in callbacks:
        leave_out_unused_hooks(callback)
    return callbacks


def _checkpoint(run_dir: Path) -> Checkpoint:
    path = run_dir / "checkpoints" / "best.ckpt"
    if not path.is_file():  # Lightning passes over some errors of the file system
        raise BakeoffError(
            f"no checkpoint was written at {path}: is the folder writable, the disk full?"
        )
    return Checkpoint(str(path.relative_to(run_dir)), file_digest(path))
