"""What a run writes to TensorBoard beside the scalars that its module logs."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import pytorch_lightning as pl
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf
from pytorch_lightning.callbacks import Callback

from bakeoff.gate.leaves import leaves
from bakeoff.run.hooks import hparams_log
from bakeoff.run.hooks.hyperparameters import (
    PARAMETERS,
    Column,
    columns,
    row,
    settings,
)
from bakeoff.run.parts.event_log import BEST, EventLog, layout
from bakeoff.store.plan_file import PlannedJob
from bakeoff.store.record import RunRecord


class Board(Callback):
    """Writes the config as a table; from the first validation on, the run's row in HParams and a layout of
    custom charts; after each validation the best value so far.
    """

    def __init__(
        self,
        log: EventLog,
        config: DictConfig,
        record: RunRecord,
        jobs: Iterable[PlannedJob | RunRecord],
    ) -> None:
        self._log = log
        self._config = config
        self._record = record
        self._overrides = [job.overrides for job in jobs]
        self._begun = False

    def on_train_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        # Unresolved: an interpolation may name a secret of this machine.
        content = OmegaConf.to_container(self._config, resolve=False)
        self._log.experiment.add_text("config", markdown(content))
        self._log.save()

    def on_validation_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        """Runs after the record has the epoch's metrics."""
        if trainer.sanity_checking:
            return
        if not self._begun:
            self._begin(trainer)
        metric = self._record.metric
        if metric.value is not None:
            step = trainer.global_step - 1  # as Lightning counts for what modules log
            self._log.experiment.add_scalar(f"{BEST}{metric.name}", metric.value, step)
        self._log.save()

    def on_train_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        self._end(completed=True)

    def on_exception(
        self, trainer: pl.Trainer, module: pl.LightningModule, exception: BaseException
    ) -> None:
        with suppress(OSError):  # closed, or no room: what has ended the training counts
            self._end(completed=False)

    def _begin(self, trainer: pl.Trainer) -> None:
        metric, writer = self._record.metric.name, self._log.experiment
        names = [
            name.removeprefix("val/")
            for name in trainer.callback_metrics
            if name.startswith("val/")
        ]
        shown = {f"{BEST}{metric}": f"best {metric}"}
        shown |= {f"val/{name}": f"last {name}" for name in sorted(names) if name != metric}
        own = settings(self._config, self._record.overrides, _choices())
        constant = {key: value for key, value in own.items() if value is not None}
        table = columns(self._overrides, constant)
        sized = any(c.differs and c.name.startswith(("model", "data")) for c in table)
        table.append(Column(PARAMETERS, float, (), sized))
        own[PARAMETERS] = float(self._record.parameters)
        hparams_log.start(writer, table, shown, row(table, own))
        writer.add_custom_scalars(layout(metric, names))
        self._begun = True

    def _end(self, *, completed: bool) -> None:
        if self._begun:
            hparams_log.end(self._log.experiment, completed=completed)
            self._log.save()


def markdown(content: Mapping[str, Any]) -> str:
    """Nested containers as a Markdown table of dotted keys and values."""
    rows = [f"| `{key}` | {_cell(value)} |" for key, value in leaves(content)]
    return "\n".join(["| key | value |", "|---|---|", *rows])


def _cell(value: Any) -> str:
    text = "null" if value is None else str(value)
    return "`" + text.replace("|", "\\|").replace("`", "'").replace("\n", " ") + "`"


def _choices() -> Mapping[str, Any]:
    return HydraConfig.get().runtime.choices if HydraConfig.initialized() else {}
