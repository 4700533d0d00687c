"""A bake-off from its plan to its report.

What trains, evaluates or draws is imported where it is called: a report of finished runs needs no torch.
"""

import logging
import os
import shlex
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bakeoff.errors import BakeoffError, LostRunsError
from bakeoff.report.evidence import read_evidence
from bakeoff.report.markdown import write_markdown
from bakeoff.report.page import FILE_NAME, write_report
from bakeoff.report.terminal import print_line, show
from bakeoff.run.candidate import key_of
from bakeoff.run.identity import Identity
from bakeoff.run.interruption import ENDING, InterruptedRunError
from bakeoff.select.best import BEST, keep_best
from bakeoff.select.drawn import is_drawn
from bakeoff.select.edited import edited
from bakeoff.select.leaderboard import CSV_NAME, JSON_NAME, Leaderboard
from bakeoff.select.ledger import LEDGER
from bakeoff.select.lost_runs import lost_runs
from bakeoff.select.ranking import select
from bakeoff.select.sealed_test import note_training, read_seal, sealed_test
from bakeoff.store import atomic, paths, plan_file, record
from bakeoff.store.lock import held
from bakeoff.sweep.commands import extension_command, resume_command
from bakeoff.sweep.extension import extended, with_finalists
from bakeoff.sweep.identities import identities
from bakeoff.sweep.overrides import quoted
from bakeoff.sweep.plan import Plan
from bakeoff.sweep.progress import Terminal
from bakeoff.sweep.remaining import plan_of, remaining
from bakeoff.sweep.selection import selection_of_sweep
from bakeoff.train import sweep

log = logging.getLogger(__name__)
err = Terminal()
BY_SIGNAL = [128 + number for number in ENDING]  # the status of a run in this process


def bake(planned: Plan, is_fresh: bool = False) -> None:
    """Check, sweep, select, open the test set once, report. Raises BakeoffError.

    Runs that earlier sweeps have trained are taken over, with `is_fresh` trained again.
    """
    err.print("checking data and models")
    _check(planned)
    known = identities(planned.jobs)
    sweep_dir = _new_sweep_dir(planned)
    with held(sweep_dir):
        _sweep(planned, known, sweep_dir, reuses=not is_fresh)
        _conclude(sweep_dir)


def resume(
    sweep_dir: Path, failed: bool, launcher: Sequence[str] = (), is_fresh: bool = False
) -> None:
    """Train the runs of a sweep's plan that have not ended, with `failed` those too that failed or
    diverged; then go on as `bake`. `launcher` are overrides of the launcher's settings.

    Raises BakeoffError, also where another process works on the sweep.
    """
    plan = plan_file.read_own(sweep_dir)
    with held(sweep_dir):
        jobs = remaining(sweep_dir, plan, failed)
        print_line("to train", f"{len(jobs)} of {len(plan.jobs)} runs")
        if jobs:
            planned, known = plan_of(plan, jobs, launcher)
            _check(planned)
            note_training(sweep_dir, [job.id for job in jobs])
            _sweep(planned, known, sweep_dir, is_rest=True, reuses=not is_fresh)
        _conclude(sweep_dir)


def extend(
    sweep_dir: Path,
    overrides: Sequence[str],
    candidates: Collection[str] | None = None,
    is_fresh: bool = False,
) -> None:
    """Add the runs to a sweep that `sweep.extension` composes for these overrides, train what is missing of
    the whole, and go on as `bake`. `candidates`: the ids of those that are varied; None: all.

    Raises BakeoffError for every mistake before anything is changed, also where another process works
    on the sweep.
    """
    with held(sweep_dir):
        before = plan_file.read_own(sweep_dir)
        plan = extended(before, overrides, candidates)
        jobs = remaining(sweep_dir, plan, failed=False)
        added = len(plan.jobs) - len(before.jobs)
        print_line("added", f"{added} runs" if added else "no runs: the sweep has them already")
        print_line("to train", f"{len(jobs)} of {len(plan.jobs)} runs")
        if jobs:
            planned, known = plan_of(plan, jobs)
            err.print("checking data and models")
            _check(planned)
            from bakeoff.sweep.comparable import refuse_other_data

            refuse_other_data(planned.jobs, record.read_all(sweep_dir))
            note_training(sweep_dir, [job.id for job in jobs])
            plan.write(sweep_dir)
            _sweep(planned, known, sweep_dir, is_rest=True, reuses=not is_fresh)
        elif plan != before:
            plan.write(sweep_dir)
        _conclude(sweep_dir)


def _check(planned: Plan) -> None:
    from bakeoff.sweep.preflight import preflight

    preflight(planned)


def _conclude(sweep_dir: Path, opens_test: bool = True) -> None:
    """Show what a sweep has found. Raises LostRunsError where not all of its runs completed."""
    _fit_baselines(sweep_dir)
    board = ranked(sweep_dir)
    if opens_test and board.awaits is not None:
        _train_finalists(sweep_dir, **board.awaits)
        board = ranked(sweep_dir)
    lost = lost_runs(sweep_dir, board)
    try:
        if opens_test and board.selected_run is not None:
            _finish(sweep_dir, board)
        else:
            _write(sweep_dir, board)
    except BakeoffError as error:
        if board.selected_run is not None or not lost:
            raise
        raise LostRunsError(f"{error}\n{lost}") from None
    if lost:
        raise LostRunsError(lost)


def _train_finalists(sweep_dir: Path, candidates: Sequence[str], seeds: Sequence[int]) -> None:
    """Plan and train the runs of these candidates on fresh seeds; where this is interrupted, `resume` goes
    on by the plan. Raises BakeoffError.
    """
    before = plan_file.read_own(sweep_dir)
    plan = with_finalists(before, candidates, seeds)
    jobs = plan.jobs[len(before.jobs) :]
    planned, known = plan_of(plan, jobs)
    err.print(f"{len(candidates)} finalists on {len(seeds)} fresh seeds")
    note_training(sweep_dir, [job.id for job in jobs])
    plan.write(sweep_dir)
    _sweep(planned, known, sweep_dir, is_rest=True)


def train_all(planned: Plan) -> None:
    """Sweep and rank, and leave the test set closed. Raises BakeoffError."""
    known = identities(planned.jobs)
    sweep_dir = _new_sweep_dir(planned)
    _sweep(planned, known, sweep_dir)
    _conclude(sweep_dir, opens_test=False)


def _new_sweep_dir(planned: Plan) -> Path:
    """The sweep's folder, new and empty: that of `hydra.sweep.dir` where it was set, else one named by the
    time. `latest` beside it points to it, where it is one of the experiment's in `outputs/`.

    Raises BakeoffError.
    """
    config = planned.jobs[0].config
    asked = Path(config.hydra.sweep.dir)
    usual = paths.OUTPUTS / config.experiment
    if asked.parent == usual and "hydra.sweep.dir" not in map(key_of, planned.settings):
        sweep_dir = paths.new_sweep_dir(config.experiment, asked.name)
    else:
        sweep_dir = paths.given_sweep_dir(asked)
    if sweep_dir.parent.resolve() == usual.resolve():
        paths.point_latest(sweep_dir)
    return sweep_dir


def _sweep(
    planned: Plan,
    known: Sequence[Identity],
    sweep_dir: Path,
    is_rest: bool = False,
    reuses: bool = False,
) -> None:
    err.print(f"{len(planned.jobs)} runs in {sweep_dir}", highlight=False, soft_wrap=True)
    place = f"hydra.sweep.dir={quoted(os.path.relpath(sweep_dir))}"
    try:
        sweep([*planned.options, *planned.overrides, place], planned, known, is_rest, reuses)
    except (InterruptedRunError, SystemExit) as ended:
        if isinstance(ended, InterruptedRunError) or ended.code in BY_SIGNAL:
            with suppress(BakeoffError):  # without a winner, or without any run
                _write(sweep_dir, ranked(sweep_dir))
            print_line("go on with", resume_command(sweep_dir))
            raise
        if not record.read_all(sweep_dir):
            raise
        # A run failed: the leaderboard says which, and the others count.


def _fit_baselines(sweep_dir: Path) -> None:
    """Fit what the candidates must beat; what goes wrong with it is said, and stops nothing."""
    from bakeoff.sweep.baselines import fit_baselines

    try:
        with err.status("fitting the baselines"):
            for run in fit_baselines(sweep_dir):
                if run.status != "completed":
                    said = f"baseline {run.candidate}: {run.status}: {run.error}"
                    err.print(said, markup=False, highlight=False, soft_wrap=True)
    except BakeoffError as error:
        err.print(f"no baselines: {error}", markup=False, highlight=False, soft_wrap=True)


def rebuild(sweep_dir: Path) -> None:
    """Leaderboard and report from the run records; the sealed test stays as the ledger has it."""
    board = ranked(sweep_dir)
    read_seal(sweep_dir, board)
    _write(sweep_dir, board)


def open_test(sweep_dir: Path) -> None:
    """The sealed test of a sweep, once; later calls show its result."""
    _finish(sweep_dir, ranked(sweep_dir))


def ranked(sweep_dir: Path) -> Leaderboard:
    """The leaderboard by the run records and the plan of a sweep; a search that chooses its settings while
    it runs, such as Optuna's, has no plan.
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
    )
    board.notes += edited(sweep_dir, runs)
    return board


def _finish(sweep_dir: Path, board: Leaderboard) -> None:
    # Before anything is written: a ledger that has lost a result leaves the leaderboard that tells of it.
    is_open = board.selected_run is not None and read_seal(sweep_dir, board)
    try:
        if board.selected_run is not None and not is_open:
            err.print("opening the test set for the selected run")
        if not sealed_test(sweep_dir, board):
            said = f"the test set was opened before: this is the result in {LEDGER}"
            err.print(said, highlight=False)
    finally:  # whatever keeps the test set closed, the leaderboard is shown
        _write(sweep_dir, board)


def _write(sweep_dir: Path, board: Leaderboard) -> None:
    """Write everything that shows a board, and print it. Raises BakeoffError where nothing is selected, or
    where the selected run's weights are damaged.
    """
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
    evidence = read_evidence(sweep_dir)
    report = write_report(sweep_dir, evidence)
    write_markdown(sweep_dir, evidence)
    show(board)
    print_line("report", report)
    print_line("leaderboard", f"{sweep_dir / JSON_NAME}, {CSV_NAME}")
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
    print_line("selected model", sweep_dir / BEST)
    print_line("curves", f"bakeoff tensorboard {shlex.quote(str(sweep_dir))}")


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
