"""What a sweep has found: ranked by its records, tested, written and shown.

What evaluates or draws is imported where it is called: a report of finished runs needs no torch.
"""

import logging
import shlex
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bakeoff.errors import BakeoffError, NothingSelectedError
from bakeoff.report.evidence import Evidence, read_evidence
from bakeoff.report.markdown import write_markdown
from bakeoff.report.page import FILE_NAME, write_report
from bakeoff.report.terminal import print_line, show
from bakeoff.select.best import BEST, keep_best
from bakeoff.select.drawn import is_drawn
from bakeoff.select.edited import edited
from bakeoff.select.leaderboard import CSV_NAME, JSON_NAME, Leaderboard
from bakeoff.select.ledger import LEDGER
from bakeoff.select.lost_plan import lost_plan
from bakeoff.select.ranking import select
from bakeoff.select.sealed_test import read_seal, sealed_test
from bakeoff.store import atomic, paths, plan_file, record
from bakeoff.store.record import RunRecord
from bakeoff.sweep.commands import extension_command
from bakeoff.sweep.progress import Terminal
from bakeoff.sweep.selection import selection_of_sweep

log = logging.getLogger(__name__)
err = Terminal()


@dataclass(frozen=True)
class Findings:
    """The records of the runs in a sweep's folder, and the leaderboard that is made of them."""

    folder: Path
    runs: list[RunRecord]
    board: Leaderboard


def ranked(sweep_dir: Path) -> Findings:
    """Rank by the run records and the plan of a sweep; a search that chooses its settings while it runs,
    such as Optuna's, has no plan. Raises BakeoffError.
    """
    planned = (sweep_dir / plan_file.FILE_NAME).exists()
    jobs = plan_file.read(sweep_dir).jobs if planned else ()
    more = partial(extension_command, sweep_dir)
    runs = record.read_all(sweep_dir)
    board = select(
        runs,
        jobs,
        more,
        selection_of_sweep(sweep_dir),
        record.read_all(sweep_dir / paths.BASELINES),
        lost_plan(sweep_dir),
    )
    board.edited = edited(sweep_dir, runs)
    return Findings(sweep_dir, runs, board)


def rebuild(sweep_dir: Path) -> Evidence:
    """Leaderboard and report from the run records; the sealed test stays as the ledger has it. Returns what
    the report shows.
    """
    found = ranked(sweep_dir)
    read_seal(sweep_dir, found.board)
    return write(found)


def open_test(found: Findings) -> None:
    """The sealed test of a sweep, once; later calls show its result. Raises BakeoffError."""
    sweep_dir, board = found.folder, found.board
    # Before anything is written: a ledger that has lost a result leaves the leaderboard that tells of it.
    is_open = board.selected_run is not None and read_seal(sweep_dir, board)
    try:
        if board.selected_run is not None and not is_open:
            err.print("opening the test set for the selected run")
        if not sealed_test(sweep_dir, board):
            said = f"the test set was opened before: this is the result in {LEDGER}"
            err.print(said, highlight=False)
    finally:  # whatever keeps the test set closed, the leaderboard is shown
        write(found)


def write(found: Findings) -> Evidence:
    """Write everything that shows a board, and print it. Raises NothingSelectedError when all of it is
    written, and nothing is selected or the selected run's weights are damaged; BakeoffError where it cannot
    be written.
    """
    sweep_dir, board = found.folder, found.board
    atomic.remove_unfinished(sweep_dir)
    board.write(sweep_dir)
    mistakes = list(board.problems)
    if board.selected_run is None:
        mistakes = mistakes or [f"no run completed: {sweep_dir / FILE_NAME} shows why"]
    else:
        try:
            keep_best(sweep_dir, board)
        except BakeoffError as error:
            mistakes.append(str(error))
    if board.sealed_test is not None and not is_drawn(sweep_dir, board):
        _draw(sweep_dir, board)
    evidence = read_evidence(sweep_dir, found.runs)
    report = write_report(evidence)
    write_markdown(evidence)
    show(board)
    print_line("report", report)
    print_line("leaderboard", f"{sweep_dir / JSON_NAME}, {CSV_NAME}")
    if mistakes:
        raise NothingSelectedError("\n".join(mistakes))
    print_line("selected model", sweep_dir / BEST)
    print_line("curves", f"bakeoff tensorboard {shlex.quote(str(sweep_dir))}")
    return evidence


def _draw(sweep_dir: Path, board: Leaderboard) -> None:
    """A showcase that cannot be drawn must not cost the report of a test set that was opened."""
    try:
        from bakeoff.select.showcase import draw_showcase

        with err.status("drawing the showcase"):
            draw_showcase(sweep_dir, board)
    except Exception as error:
        log.debug("the showcase failed", exc_info=True)
        err.print(
            f"the showcase could not be drawn ({type(error).__name__}: {error}); `bakeoff report "
            f"{sweep_dir}` tries again",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
