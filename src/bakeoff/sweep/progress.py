"""The progress of a sweep on the terminal, read from the records that its runs keep."""

import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.text import Text

from bakeoff.errors import BakeoffError
from bakeoff.gate.error_text import bounded
from bakeoff.identity.candidate import key_of
from bakeoff.identity.run_id import REPLICATE_KEYS
from bakeoff.store import record
from bakeoff.store.run_progress import RunProgress
from bakeoff.sweep.live_view import duration, leaders, seconds_left

FIELDS = ("done", "metric", "rate", "left")  # the columns of text after a bar
LONGEST_ERROR = 1000  # characters; the record has more
SHOW_S = 0.5  # between two looks at what the runs have written


class Terminal(Console):
    """Standard error. When its reader has gone, nothing more is shown, and the sweep goes on."""

    def __init__(self) -> None:
        super().__init__(stderr=True)

    def on_broken_pipe(self) -> None:  # rich would end the process
        self.quiet = True


class _Bars(Progress):
    """Bars with a line of text below them."""

    below = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """Called by rich whenever it draws."""
        yield self.make_tasks_table(self.tasks)
        if self.below:
            yield Text(self.below, style="dim")


class SweepProgress:
    """A bar for the sweep and one for each running job, with its epoch, metric, rate and the time that is
    left; below them the leaders. A line for each job that is done.

    `told_by`: the keys by which the runs of a candidate are told apart.
    """

    def __init__(self, total: int, told_by: Collection[str] = ("seed",)) -> None:
        self.total = total
        self.told_by = told_by
        self.finished = 0
        self.console = Terminal()
        self.bars = _Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=12),
            *(TextColumn(f"{{task.fields[{field}]}}", markup=False) for field in FIELDS),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self.sweep = self.bars.add_task("sweep", total=total, **_fields(f"0/{total} runs"))
        self.tasks: dict[Path, TaskID] = {}
        self._started: dict[Path, float] = {}
        self._durations: list[float] = []  # seconds of the jobs that have ended
        self._slots = 1
        self._shown = float("-inf")
        self._ended: dict[Path, record.RunRecord] | None = None  # those of before are read once

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def show(self, running: Sequence[Path]) -> None:
        """Update the bars: of the jobs in these run directories, and that of the sweep."""
        now = time.monotonic()
        for run_dir in running:
            self._started.setdefault(run_dir, now)
        self._slots = max(self._slots, len(running))
        if not self.console.is_terminal or not running or now - self._shown < SHOW_S:
            return
        self._shown = now
        if self._ended is None:
            self._ended = _completed(running[0].parent)
        left = [self._show_run(run_dir) for run_dir in running]
        waiting = self.total - self.finished - len(running)
        total = seconds_left(self._durations, left, waiting, self._slots)
        self.bars.update(self.sweep, left="" if total is None else f"about {duration(total)} left")
        self.bars.below = _led_by(self._ended.values())

    def _show_run(self, run_dir: Path) -> float | None:
        """Update the bar of one job; the seconds that it still takes, as far as that is known."""
        run = _read(run_dir)
        if run is None:
            return None
        if run_dir not in self.tasks:
            label = name(run, self.told_by)
            self.tasks[run_dir] = self.bars.add_task(label, total=run.max_epochs, **_fields(""))
        found = RunProgress.read(run_dir) or RunProgress(run.epochs, None, None)
        epochs, rate, left = found.epochs, found.samples_per_second, found.seconds_left
        has_total = run.max_epochs is not None and run.max_epochs > 0
        self.bars.update(
            self.tasks[run_dir],
            total=run.max_epochs if has_total else None,
            completed=epochs,
            done=f"epoch {epochs:.1f}/{run.max_epochs}" if has_total else f"epoch {epochs:.1f}",
            metric="" if run.metric.value is None else _metric(run.metric),
            rate="" if rate is None else f"{rate:,.0f}/s",
            left="" if left is None else f"{duration(left)} left",
        )
        return left

    def done(self, run_dir: Path, overrides: Sequence[str], reason: str | None) -> None:
        """Say how the job in `run_dir` ended; `reason` is the launcher's, of a job that failed or died.

        A job that has written no record is named by its `overrides`.
        """
        self.finished += 1
        if run_dir in self._started:
            self._durations.append(time.monotonic() - self._started.pop(run_dir))
        self._shown = float("-inf")
        self.bars.update(
            self.sweep, completed=self.finished, done=f"{self.finished}/{self.total} runs"
        )
        if run_dir in self.tasks:
            self.bars.remove_task(self.tasks.pop(run_dir))
        run = _read(run_dir)
        if run is not None and run.status != "running":
            if self._ended is not None:
                self._ended[run_dir] = run
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


def _fields(done: str) -> dict[str, Any]:
    return {**dict.fromkeys(FIELDS, ""), "done": done}


def _led_by(ended: Iterable[record.RunRecord]) -> str:
    """A line with the leaders so far; empty while no run has completed."""
    found = leaders(ended)
    told = [f"{of} {mean:.4f} (n={count})" for of, mean, count in found]
    return f"leaders so far: {'; '.join(told)}" if found else ""


def _completed(sweep: Path) -> dict[Path, record.RunRecord]:
    """The completed runs of a sweep, by their directories."""
    run_dirs = [path.parent for path in sweep.glob(f"*/{record.FILE_NAME}")]
    read = {run_dir: _read(run_dir) for run_dir in run_dirs}
    return {run_dir: run for run_dir, run in read.items() if run and run.status == "completed"}


def varying(jobs: Iterable[Sequence[str]]) -> list[str]:
    """The keys by which the runs of a sweep's candidates are told apart, by the overrides of its jobs: what
    all share is left out.
    """
    given = [{key_of(line): line.partition("=")[2] for line in overrides} for overrides in jobs]
    return [key for key in REPLICATE_KEYS if len({values.get(key) for values in given}) > 1]


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
        return f"{called}: {run.status}: {bounded(str(run.error), LONGEST_ERROR)}"
    seconds = "" if run.train_seconds is None else f", {run.train_seconds:.0f} s"
    return f"{called}: {_metric(run.metric)} at epoch {run.metric.epoch}{seconds}"


def _metric(metric: record.Metric) -> str:
    return f"{metric.name} {'nan' if metric.value is None else f'{metric.value:.4f}'}"


def _read(run_dir: Path) -> record.RunRecord | None:
    try:
        return record.read(run_dir)
    except BakeoffError:  # not there yet, or not a run of ours
        return None
