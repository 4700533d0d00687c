"""The progress of a sweep on the terminal, read from the records that its runs keep."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Self

from omegaconf import DictConfig, OmegaConf
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from bakeoff.errors import BakeoffError
from bakeoff.run.candidate import key_of
from bakeoff.run.run_id import REPLICATE_KEYS
from bakeoff.store import record


class Terminal(Console):
    """Standard error. When its reader has gone, nothing more is shown, and the sweep goes on."""

    def __init__(self) -> None:
        super().__init__(stderr=True)

    def on_broken_pipe(self) -> None:  # rich would end the process
        self.quiet = True


class SweepProgress:
    """A bar for the sweep and one for each running job; a line for each job that is done.

    `told_by`: the keys by which the runs of a candidate are told apart.
    """

    def __init__(self, total: int, told_by: Collection[str] = ("seed",)) -> None:
        self.total = total
        self.told_by = told_by
        self.finished = 0
        self.console = Terminal()
        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self.sweep = self.bars.add_task("[bold]sweep", total=total, note="runs")
        self.tasks: dict[Path, TaskID] = {}

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def show(self, running: Sequence[Path]) -> None:
        """Update the bars of the jobs in these run directories."""
        for run_dir in running if self.console.is_terminal else ():
            run = _read(run_dir)
            if run is None:
                continue
            if run_dir not in self.tasks:
                label = name(run, self.told_by)
                self.tasks[run_dir] = self.bars.add_task(label, total=run.max_epochs, note="epochs")
            note = "epochs" if run.metric.value is None else _metric(run.metric)
            self.bars.update(self.tasks[run_dir], completed=run.epochs, note=note)

    def done(self, run_dir: Path, overrides: Sequence[str], reason: str | None) -> None:
        """Say how the job in `run_dir` ended; `reason` is the launcher's, of a job that failed or died.

        A job that has written no record is named by its `overrides`.
        """
        self.finished += 1
        self.bars.update(self.sweep, completed=self.finished)
        if run_dir in self.tasks:
            self.bars.remove_task(self.tasks.pop(run_dir))
        run = _read(run_dir)
        if run is not None and run.status != "running":
            line = outcome(run, self.told_by)
        elif reason is not None:
            line = f"{' '.join(overrides)}: failed: {reason}"
        else:  # not a training
            return
        width = len(str(self.total))
        self.say(f"{self.finished:>{width}}/{self.total}  {line}")

    def say(self, line: str) -> None:
        """Print a line above the bars."""
        try:
            self.console.print(line, markup=False, highlight=False, soft_wrap=True)
        except OSError:  # a full disk behind standard error: the record says it too
            return


def varying(configs: Iterable[DictConfig]) -> list[str]:
    """The keys by which the runs of a sweep's candidates are told apart: what all share is left out."""
    configs = list(configs)
    values = {key: {OmegaConf.select(config, key) for config in configs} for key in REPLICATE_KEYS}
    return [key for key, found in values.items() if len(found) > 1]


def name(run: record.RunRecord, told_by: Collection[str]) -> str:
    """A run's candidate, and its values of the keys `told_by`."""
    given = {key_of(override): override.partition("=")[2] for override in run.overrides}
    values = {**given, "seed": run.seed}
    told = [f"{key.rpartition('.')[2]}={values[key]}" for key in told_by if key in values]
    return " ".join([run.candidate, *told])


def outcome(run: record.RunRecord, told_by: Collection[str] = ("seed",)) -> str:
    """How a run ended, in one line."""
    called = name(run, told_by)
    if run.status != "completed":
        return f"{called}: {run.status}: {run.error}"
    seconds = "" if run.train_seconds is None else f", {run.train_seconds:.0f} s"
    return f"{called}: {_metric(run.metric)} at epoch {run.metric.epoch}{seconds}"


def _metric(metric: record.Metric) -> str:
    return f"{metric.name} {'nan' if metric.value is None else f'{metric.value:.4f}'}"


def _read(run_dir: Path) -> record.RunRecord | None:
    try:
        return record.read(run_dir)
    except BakeoffError:  # not there yet, or not a run of ours
        return None
