"""A bake-off from its plan to its report."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bakeoff import evaluate, paths, record
from bakeoff.errors import BakeoffError
from bakeoff.plan import Plan
from bakeoff.report import write_report
from bakeoff.select import CSV_NAME, JSON_NAME, Candidate, Leaderboard, select
from bakeoff.train import main as train

err = Console(stderr=True)


def bake(experiment: str, overrides: Sequence[str], config_dir: Path, planned: Plan) -> None:
    """Check, sweep, select, open the test set once, report. Raises BakeoffError."""
    with err.status("checking data and models"):
        from bakeoff.build import preflight

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
    with err.status("testing the selected run"):
        _finish(sweep_dir, board)


def rebuild(sweep_dir: Path) -> None:
    """Leaderboard and report from the run records; the sealed test stays as the ledger has it."""
    board = select(record.read_all(sweep_dir))
    ledger = [line for line in evaluate.read_ledger(sweep_dir) if line["run"] == board.selected_run]
    board.sealed_test = ledger[-1]["result"] if ledger else None
    _write(sweep_dir, board)


def open_test(sweep_dir: Path) -> None:
    """The sealed test of a sweep, once; later calls show its result."""
    board = select(record.read_all(sweep_dir))
    _finish(sweep_dir, board)


def _finish(sweep_dir: Path, board: Leaderboard) -> None:
    if not evaluate.sealed_test(sweep_dir, board):
        err.print(
            f"the test set was opened before: this is the result in {evaluate.LEDGER}",
            highlight=False,
        )
    _write(sweep_dir, board)


def _write(sweep_dir: Path, board: Leaderboard) -> None:
    board.write(sweep_dir)
    evaluate.keep_best(sweep_dir, board)
    report = write_report(sweep_dir)
    show(board)
    console = Console()
    for label, path in (
        ("report", report),
        ("leaderboard", sweep_dir / JSON_NAME),
        ("table", sweep_dir / CSV_NAME),
        ("selected model", sweep_dir / evaluate.BEST),
    ):
        if path.exists():
            console.print(f"{label:<15} {path}", highlight=False, soft_wrap=True)
    console.print(f"{'curves':<15} tensorboard --logdir {sweep_dir}", highlight=False, soft_wrap=True)


def show(board: Leaderboard) -> None:
    """Print the leaderboard and what was selected."""
    sense = "more" if board.direction == "max" else "less"
    table = Table(
        title=f"{board.experiment}: validation {board.metric}, {sense} is better",
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="bold",
        padding=(0, 2, 0, 0),
    )
    for heading in ("", "candidate"):
        table.add_column(heading)
    for heading in ("mean", "std", "95 % interval", "n", "parameters", "time"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for candidate in board.candidates:
        table.add_row(*_cells(candidate, board), style="green" if candidate.rank == 1 else None)
    console = Console()
    console.print()
    console.print(table)
    console.print()
    if board.selected is None:
        raise BakeoffError("no run completed: see the errors above and in the run.json of each run")
    console.print(f"selected        [bold]{board.selected}[/bold], run {board.selected_run}", highlight=False)
    if board.sealed_test is not None:
        values = "  ".join(
            f"{name} {value:.4f}" for name, value in board.sealed_test.items() if value is not None
        )
        console.print(f"{'test set':<15} {values}", highlight=False, soft_wrap=True)


def _cells(candidate: Candidate, board: Leaderboard) -> list[str]:
    low, high = candidate.ci95 or (None, None)
    notes = [
        f"{count} {status}"
        for status, count in candidate.status_counts.items()
        if status != "completed"
    ]
    if candidate.tied_with_best and candidate.name != board.candidates[0].name:
        notes.append("not told apart from the best")
    return [
        str(candidate.rank or "-"),
        candidate.name,
        "-" if candidate.mean is None else f"{candidate.mean:.4f}",
        "-" if candidate.std is None else f"{candidate.std:.4f}",
        "-" if low is None else f"{low:.4f} to {high:.4f}",
        str(candidate.n),
        "-" if candidate.parameters is None else f"{candidate.parameters:,}",
        "-" if candidate.train_seconds is None else f"{candidate.train_seconds:.0f} s",
        ", ".join(notes),
    ]
