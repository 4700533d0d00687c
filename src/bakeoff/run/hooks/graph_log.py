"""The graph of a net in TensorBoard, once for each candidate."""

import io
import logging
import warnings
from collections.abc import Iterable
from contextlib import redirect_stdout
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from torch import Tensor, nn

from bakeoff.gate.error_text import first_line
from bakeoff.nets.carried_state import carries, read
from bakeoff.run.parts.event_log import EventLog
from bakeoff.run.parts.normalized import normalized
from bakeoff.store.plan_file import PlannedJob
from bakeoff.store.record import RunRecord

log = logging.getLogger(__name__)
ROWS = 2  # of a batch: what a net does is the same for all


class GraphLog(Callback):
    """Writes the graph after the first validation; of the `jobs` of a sweep, for each candidate once."""

    def __init__(
        self, log: EventLog, record: RunRecord, jobs: Iterable[PlannedJob | RunRecord]
    ) -> None:
        self._log = log
        self._due = is_first_of_candidate(jobs, record)
        self._x: Tensor | None = None

    def on_validation_batch_start(
        self,
        trainer: pl.Trainer,
        module: pl.LightningModule,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        if self._due and not trainer.sanity_checking and self._x is None:
            self._x = first_rows(batch)

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        if self._x is not None:
            write_graph(self._log, module.net, normalized(self._x, module.mean, module.std))
            self._due, self._x = False, None


def first_rows(batch: Any) -> Tensor | None:
    """The first inputs of a batch (input, target); None of a batch of another kind."""
    x = batch[0] if isinstance(batch, tuple | list) else None
    return x[:ROWS] if isinstance(x, Tensor) else None


class FirstPart(nn.Module):
    """A net that carries a state, as a function of the first part of a sequence."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        """The output for `x` (B, ...); the net has read nothing before."""
        return read(self.net, x)[0]


def write_graph(log_to: EventLog, net: nn.Module, x: Tensor) -> None:
    """Trace `net` on `x` (B, ...) and write its graph; of a net that cannot be traced, say so in the log.

    The state of torch's random generators and the mode of each module stay as they were.
    """
    modes = {module: module.training for module in net.modules()}
    try:
        with (
            torch.random.fork_rng(),
            torch.no_grad(),
            warnings.catch_warnings(action="ignore"),  # what a trace generalizes is not used
            redirect_stdout(io.StringIO()),  # torch prints what it raises
        ):
            traced = FirstPart(net) if carries(net) else net
            # TensorBoard would trace the net three times to see that it does the same each time.
            traced = torch.jit.trace(traced, x, strict=False, check_trace=False)
            log_to.experiment.add_graph(traced, x, use_strict_trace=False)
    except Exception as error:  # a net is anyone's code
        log.warning("TensorBoard gets no graph of this net: %s", first_line(error))
    finally:
        for module, training in modes.items():  # torch has put them all into one mode
            module.training = training


def is_first_of_candidate(jobs: Iterable[PlannedJob | RunRecord], record: RunRecord) -> bool:
    """Whether a run is the first of its candidate among the `jobs` of its sweep."""
    own = (job.id for job in jobs if job.candidate_id == record.candidate_id)
    return next(own, record.id) == record.id
