"""A bake-off from its plan to its report."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from bakeoff.report.page import write_report
from bakeoff.report.terminal import print_line, show
from bakeoff.select.best import BEST, keep_best
from bakeoff.select.leaderboard import CSV_NAME, JSON_NAME, Leaderboard, select
from bakeoff.select.ledger import LEDGER
from bakeoff.select.sealed_test import sealed_result, sealed_test
from bakeoff.select.showcase import draw_showcase
from bakeoff.store import paths, record
from bakeoff.sweep.plan import Plan
from bakeoff.sweep.preflight import preflight
from bakeoff.train import main as train

err = Console(stderr=True)


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
    board.sealed_test = sealed_result(sweep_dir, board)
    _write(sweep_dir, board)


def open_test(sweep_dir: Path) -> None:
    """The sealed test of a sweep, once; later calls show its result."""
    board = select(record.read_all(sweep_dir))
    _finish(sweep_dir, board)


def _finish(sweep_dir: Path, board: Leaderboard) -> None:
    if sealed_result(sweep_dir, board) is not None:
        said = f"the test set was opened before: this is the result in {LEDGER}"
        err.print(said, highlight=False)
        sealed_test(sweep_dir, board)
    else:
        if board.selected_run is not None:
            err.print("opening the test set for the selected run")
        sealed_test(sweep_dir, board)
        draw_showcase(sweep_dir, board)
    _write(sweep_dir, board)


def _write(sweep_dir: Path, board: Leaderboard) -> None:
    board.write(sweep_dir)
    keep_best(sweep_dir, board)
    report = write_report(sweep_dir)
    show(board)
    print_line("report", report)
    print_line("leaderboard", f"{sweep_dir / JSON_NAME}, {CSV_NAME}")
    print_line("selected model", sweep_dir / BEST)
    print_line("curves", f"tensorboard --logdir {sweep_dir}")
