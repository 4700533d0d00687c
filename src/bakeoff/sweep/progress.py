"""The progress of a sweep on the terminal, read from the records that its runs keep."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Self

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
from bakeoff.store import record


class SweepProgress:
    """A bar for the sweep and one for each running job; a line for each job that is done."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.finished = 0
        self.console = Console(stderr=True)
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
                label = f"{run.candidate} seed={run.seed}"
                self.tasks[run_dir] = self.bars.add_task(label, total=run.max_epochs, note="epochs")
            note = "epochs"
            if run.metric.value is not None:
                note = f"{run.metric.name} {run.metric.value:.4f}"
            self.bars.update(self.tasks[run_dir], completed=run.epochs, note=note)

    def done(self, run_dir: Path) -> None:
        """Say how the job in `run_dir` ended."""
        self.finished += 1
        self.bars.update(self.sweep, completed=self.finished)
        if run_dir in self.tasks:
            self.bars.remove_task(self.tasks.pop(run_dir))
        run = _read(run_dir)
        if (
            run is None or run.status == "running"
        ):  # it could not say how it ended; its launcher did
            return
        line = f"{self.finished:>{len(str(self.total))}}/{self.total}  {run.candidate} seed={run.seed}: "
        if run.status == "completed":
            line += (
                f"{run.metric.name} {run.metric.value or math.nan:.4f} at epoch {run.metric.epoch}"
            )
            line += f", {run.train_seconds:.0f} s"
        else:
            line += f"{run.status}: {run.error}"
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _read(run_dir: Path) -> record.RunRecord | None:
    try:
        return record.read(run_dir)
    except BakeoffError:  # not there yet, or not a run of ours
        return None
