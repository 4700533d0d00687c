"""A bake-off from its plan to its report."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bakeoff.errors import BakeoffError
from bakeoff.report.page import write_report
from bakeoff.report.wording import decimals
from bakeoff.run.build import preflight
from bakeoff.select import evaluate
from bakeoff.select.leaderboard import CSV_NAME, JSON_NAME, Candidate, Leaderboard, select
from bakeoff.store import paths, record
from bakeoff.sweep.plan import Plan
from bakeoff.train import main as train

err = Console(stderr=True)
WIDE = 200  # columns where no terminal sets a limit: files and pipes


def bake(experiment: str, overrides: Sequence[str], config_dir: Path, planned: Plan) -> None:
    """Check, sweep, select, open the test set once, report. Raises BakeoffError."""
    err.print("checking data and models")
    preflight(planned.configs)
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    sweep_dir = paths.new_sweep_dir(experiment, stamp)
    paths.point_latest(sweep_dir)
    err.print(f"{len(planned.jobs)} runs in {sweep_dir}", highlight=False, soft_wrap=True)
    try:
        train(
            [
                f"--config-dir={config_dir}",
                f"--config-name={experiment}",
                "--multirun",
                *overrides,
                f"hydra.sweep.dir={sweep_dir}",
            ]
        )
    except SystemExit:  # a run failed: the leaderboard says which, and the others count
        if not record.read_all(sweep_dir):
            raise
    board = select(record.read_all(sweep_dir))
    board.write(sweep_dir)
    _finish(sweep_dir, board)


def rebuild(sweep_dir: Path) -> None:
    """Leaderboard and report from the run records; the sealed test stays as the ledger has it."""
    board = select(record.read_all(sweep_dir))
    board.sealed_test = evaluate.sealed_result(sweep_dir, board)
    _write(sweep_dir, board)


def open_test(sweep_dir: Path) -> None:
    """The sealed test of a sweep, once; later calls show its result."""
    board = select(record.read_all(sweep_dir))
    _finish(sweep_dir, board)


def _finish(sweep_dir: Path, board: Leaderboard) -> None:
    if evaluate.sealed_result(sweep_dir, board) is not None:
        said = f"the test set was opened before: this is the result in {evaluate.LEDGER}"
        err.print(said, highlight=False)
    elif board.selected_run is not None:
        err.print("opening the test set for the selected run")
    evaluate.sealed_test(sweep_dir, board)
    _write(sweep_dir, board)


def _write(sweep_dir: Path, board: Leaderboard) -> None:
    board.write(sweep_dir)
    evaluate.keep_best(sweep_dir, board)
    report = write_report(sweep_dir)
    show(board)
    _line("report", report)
    _line("leaderboard", f"{sweep_dir / JSON_NAME}, {CSV_NAME}")
    _line("selected model", sweep_dir / evaluate.BEST)
    _line("curves", f"tensorboard --logdir {sweep_dir}")


def show(board: Leaderboard) -> None:
    """Print the leaderboard and what was selected. Raises BakeoffError where nothing was."""
    sense = "more" if board.direction == "max" else "less"
    table = Table(
        title=f"{board.experiment}: validation {board.metric}, {sense} is better",
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="bold",
    )
    table.add_column("", no_wrap=True)
    table.add_column("candidate", overflow="fold")  # a long name must not cost the numbers
    for heading in ("mean", "std", "95 % interval", "n", "parameters", "time"):
        table.add_column(heading, justify="right", no_wrap=True)
    for candidate in board.candidates:
        table.add_row(*_cells(candidate, board), style="green" if candidate.rank == 1 else None)
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print()
    console.print(table)
    console.print()
    if any(candidate.tied_with_best for candidate in board.candidates[1:]):
        console.print("= not told apart from the best by these seeds (Welch's t-test, 5 %)")
    for candidate in board.candidates:
        for status, count in candidate.status_counts.items():
            if status != "completed":
                console.print(f"{candidate.name}: {count} {status}", style="red", highlight=False)
    if board.selected is None:
        raise BakeoffError("no run completed: see the errors above and in the run.json of each run")
    _line("selected", f"{board.selected}, run {board.selected_run}")
    if board.sealed_test is not None:
        values = [
            f"{name} {value:.{min(4, decimals([value]))}f}"
            for name, value in board.sealed_test.items()
            if value is not None and not name.startswith("loss")
        ]
        _line("test set", "  ".join(values))


def _line(label: str, text: str | Path) -> None:
    Console().print(f"{label:<15} {text}", highlight=False, markup=False, soft_wrap=True)


def _cells(candidate: Candidate, board: Leaderboard) -> list[str]:
    low, high = candidate.ci95 or (None, None)
    total = sum(candidate.status_counts.values())
    digits = min(4, decimals([row.mean for row in board.candidates]))
    tied = candidate.tied_with_best and candidate is not board.candidates[0]
    return [
        f"{candidate.rank or '-'}{'=' if tied else ''}",
        candidate.name,
        "-" if candidate.mean is None else f"{candidate.mean:.{digits}f}",
        "-" if candidate.std is None else f"{candidate.std:.{digits}f}",
        "-" if low is None else f"{low:.{digits}f} to {high:.{digits}f}",
        str(total) if candidate.n == total else f"{candidate.n} of {total}",
        "-" if candidate.parameters is None else f"{candidate.parameters:,}",
        "-" if candidate.train_seconds is None else f"{candidate.train_seconds:.0f} s",
    ]
